package dev.cpg.spring;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Turns the notifications of one connection into the group's state and then into events,
 * on the connection's delivery thread. Changes of the quorum come from another
 * connection; they wait only for the event that listeners are called with at the moment.
 */
final class GroupListener implements CpgListener {

	private final GroupEvents events;

	private final GroupState group;

	private final ChangeLog changes;

	private final NodeNames names;

	private final CrowdLog crowd;

	private final Runnable onJoined;

	private final Runnable onClosed;

	private volatile @Nullable CpgConnection connection;

	private volatile boolean muted;

	private volatile boolean closed;

	private volatile @Nullable Throwable failure;

	/** Fair, as the delivery thread has always something to do in a flood. */
	private final Lock turn = new ReentrantLock(true);

	private final AtomicBoolean quorumToPublish = new AtomicBoolean();

	private final @Nullable ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();

	private CpgQuorumState quorum = CpgQuorumState.UNKNOWN;

	private boolean connectedPublished;

	private boolean joined;

	/**
	 * Creates a listener for one connection.
	 * @param events dispatches the events, and has the group that is kept up to date
	 * @param changes logs who joins and leaves
	 * @param names reads the names of nodes that are not known yet
	 * @param onJoined called when this service is a member, before listeners are notified
	 * @param onClosed called after the last event of the connection, and when there is a
	 * {@linkplain #failure() failure}
	 */
	GroupListener(GroupEvents events, ChangeLog changes, NodeNames names, Runnable onJoined, Runnable onClosed) {
		this.events = events;
		this.changes = changes;
		this.names = names;
		this.group = events.group();
		this.crowd = new CrowdLog(this.group);
		this.onJoined = onJoined;
		this.onClosed = onClosed;
	}

	/**
	 * Sets the connection of the events; called before the join, since before that there
	 * is no notification but the end.
	 */
	void connected(CpgConnection connection, CpgNames names) {
		this.connection = connection;
		this.group.connected(connection, names);
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		note(() -> changed(change));
	}

	private void changed(CpgConfigurationChange change) {
		CpgConnection connection = publishConnected();
		this.group.changed(connection, change);
		this.names.groupChanged();
		this.crowd.groupChanged();
		this.events.observer().configurationChanged(change);
		if (!this.joined && change.view().members().contains(connection.localAddress())) {
			this.joined = true;
			this.changes.joined(connection.localAddress(), change.view(), this.group.getNames());
			this.onJoined.run();
		}
		else {
			this.changes.changed(change, this.group.getNames());
		}
		publish(new CpgConfigurationChangeEvent(this.group, change));
		publishQuorum();
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		note(() -> {
			this.group.changed(publishConnected(), configuration);
			this.names.groupChanged();
			publish(new CpgTotemConfigurationChangeEvent(this.group, this.group.getName(), configuration));
			publishQuorum();
		});
	}

	/**
	 * The quorum has changed. The caller does not wait for listeners, even for those that
	 * are called with another event.
	 */
	void quorumChanged() {
		if (this.quorumToPublish.getAndSet(true)) {
			return;
		}
		boolean accepted = false;
		try {
			HelperThreads.SHARED.execute(this::publishQuorumInTurn);
			accepted = true;
		}
		finally {
			// There may be no thread for it; the next change tries again.
			if (!accepted) {
				this.quorumToPublish.set(false);
			}
		}
	}

	private void publishQuorumInTurn() {
		Thread thread = Thread.currentThread();
		ClassLoader helpers = thread.getContextClassLoader();
		this.turn.lock();
		try {
			this.quorumToPublish.set(false);
			thread.setContextClassLoader(this.contextClassLoader);
			publishQuorum();
		}
		finally {
			this.turn.unlock();
			thread.setContextClassLoader(helpers);
		}
	}

	/** The end of the membership has an event of its own. */
	private void publishQuorum() {
		CpgGroupSnapshot known = this.group.getSnapshot();
		CpgQuorumState before = this.quorum;
		if (known.state() == State.JOINED && known.quorum() != before && !this.closed) {
			this.quorum = known.quorum();
			publish(new CpgQuorumChangeEvent(this.group, this.group.getName(), known.view(), known.quorum(), before));
		}
	}

	/**
	 * If a change were lost, to a lack of memory for example, what is known of the group
	 * would be wrong from then on. Only a new connection has the truth then.
	 */
	private void note(Runnable change) {
		this.turn.lock();
		try {
			change.run();
		}
		catch (Throwable ex) {
			this.failure = ex;
			this.onClosed.run();
			throw ex;
		}
		finally {
			this.turn.unlock();
		}
	}

	@Override
	public void delivered(CpgMessage message) {
		this.turn.lock();
		try {
			publishConnected();
			this.events.delivered(message, this::publish);
		}
		finally {
			this.turn.unlock();
		}
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		this.turn.lock();
		try {
			this.changes.sumUp();
			if (this.connectedPublished) {
				this.group.membershipEnded(cause);
				publish(new CpgDisconnectedEvent(this.group, this.group.getName(), cause));
			}
			else {
				this.group.disconnected(cause);
			}
		}
		finally {
			this.closed = true;
			this.turn.unlock();
			this.onClosed.run();
		}
	}

	/**
	 * The join is agreed when the first notification comes. The event is published only
	 * now, and here, so that it is on the same thread as those that follow, and always
	 * paired with the event of the end.
	 */
	private CpgConnection publishConnected() {
		CpgConnection connection = this.connection;
		if (connection == null) {
			throw new IllegalStateException("An event came before the join");
		}
		if (!this.connectedPublished) {
			this.connectedPublished = true;
			this.group.joinAgreed();
			publish(new CpgConnectedEvent(this.group, this.group.getName(), connection.localAddress()));
		}
		return connection;
	}

	/**
	 * Publishes an event that does not come from the connection's listener calls, but in
	 * their place in the order of events, and after that of the connection.
	 */
	void publishInTurn(ApplicationEvent event) {
		this.turn.lock();
		try {
			publishConnected();
			publish(event);
		}
		finally {
			this.turn.unlock();
		}
	}

	private void publish(ApplicationEvent event) {
		if (!this.muted) {
			this.events.dispatch(event);
		}
	}

	/**
	 * Publishes no further event: the listeners may be gone.
	 */
	void mute() {
		this.muted = true;
	}

	/**
	 * Returns why a change could not be noted, if one could not. Then what is known of
	 * the group may be wrong, and the connection has to end.
	 */
	@Nullable Throwable failure() {
		return this.failure;
	}

	/**
	 * Returns whether the connection's last event has been published.
	 */
	boolean isClosed() {
		return this.closed;
	}

}
