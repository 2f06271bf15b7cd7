package dev.cpg.spring;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Turns what one connection tells into the group's state and then into events, on the
 * connection's delivery thread.
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

	private boolean connectedTold;

	private boolean joinedTold;

	/**
	 * Creates a listener for one connection.
	 * @param events where its events go, of the group that it keeps up to date
	 * @param changes logs who comes and goes
	 * @param names reads the names of nodes that are not known yet
	 * @param onJoined called when this service is a member, before listeners hear of it
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
	 * Says whose events these are; to be called before the join, since nothing is told
	 * earlier but the end.
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
		CpgConnection connection = tellConnected();
		this.group.changed(connection, change);
		this.names.groupChanged();
		this.crowd.look();
		this.events.observer().configurationChanged(change);
		if (!this.joinedTold && change.view().members().contains(connection.localAddress())) {
			this.joinedTold = true;
			logJoined(connection.localAddress(), change.view());
			this.onJoined.run();
		}
		else {
			this.changes.changed(change, format(change.joined()), format(change.left()));
		}
		publish(new CpgConfigurationChangeEvent(this.group, change));
	}

	private void logJoined(CpgAddress local, CpgView view) {
		CpgLog.MEMBERSHIP.info()
			.with("group", this.group.getName())
			.with("member", format(local))
			.with("members", view.members().size())
			.with("ring", view.ring())
			.log("Joined group '{}' as {}, members {} on ring {}", this.group.getName(), format(local),
					ChangeLog.names(view.members().stream().map(this::format).toList()), view.ring());
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		note(() -> {
			this.group.changed(tellConnected(), configuration);
			this.names.groupChanged();
			publish(new CpgTotemConfigurationChangeEvent(this.group, this.group.getName(), configuration));
		});
	}

	/**
	 * What is known of the group would be wrong from now on if a change were lost, to a
	 * lack of memory for example. Then only a new connection has the truth.
	 */
	private void note(Runnable change) {
		try {
			change.run();
		}
		catch (Throwable ex) {
			this.failure = ex;
			this.onClosed.run();
			throw ex;
		}
	}

	@Override
	public void delivered(CpgMessage message) {
		tellConnected();
		this.events.delivered(message, this::publish);
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		try {
			this.changes.sumUp();
			if (this.connectedTold) {
				this.group.membershipEnded(cause);
				publish(new CpgDisconnectedEvent(this.group, this.group.getName(), cause));
			}
			else {
				this.group.disconnected(cause);
			}
		}
		finally {
			this.closed = true;
			this.onClosed.run();
		}
	}

	private String format(CpgAddress address) {
		return this.group.getNames().format(address);
	}

	private List<String> format(List<CpgMember> members) {
		return members.stream().map((member) -> format(member.address()) + " " + member.reason()).toList();
	}

	/**
	 * The join is agreed when the connection tells of anything. Told only now, and here,
	 * the event is on the same thread as those that follow, and always paired with its
	 * end.
	 */
	private CpgConnection tellConnected() {
		CpgConnection connection = this.connection;
		if (connection == null) {
			throw new IllegalStateException("An event came before the join");
		}
		if (!this.connectedTold) {
			this.connectedTold = true;
			this.group.joinAgreed();
			publish(new CpgConnectedEvent(this.group, this.group.getName(), connection.localAddress()));
		}
		return connection;
	}

	private void publish(ApplicationEvent event) {
		if (!this.muted) {
			this.events.dispatch(event);
		}
	}

	/**
	 * Publishes no further event: their listeners may be gone.
	 */
	void mute() {
		this.muted = true;
	}

	/**
	 * Returns why what is known of the group is not to be relied on any more, if it is
	 * so: the connection has to end.
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
