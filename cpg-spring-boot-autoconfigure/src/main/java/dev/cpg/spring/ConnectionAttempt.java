package dev.cpg.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgNames;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.Printable;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to be a member: a connection, from its opening to its last event. The
 * membership's thread makes it; a stop may close and mute it.
 */
final class ConnectionAttempt {

	/** A start gives up earlier, the attempt does not. */
	private static final Duration LEAST_JOIN_LIMIT = Duration.ofMinutes(1);

	/** Listeners that need longer than this for what came before a loss are reported. */
	private static final Duration BACKLOG_LIMIT = Duration.ofSeconds(1);

	/** A connector of the application's own may have names that never come. */
	private static final Duration NAMES_LIMIT = Duration.ofSeconds(5);

	private final MembershipSetup setup;

	private final RunState state;

	private final Upkeep upkeep;

	private final NodeNames names;

	private final QuorumWatch quorum;

	private final GroupListener listener;

	private volatile @Nullable CpgConnection connection;

	private volatile boolean joined;

	/**
	 * Creates an attempt.
	 * @param setup how to connect and join
	 * @param state the run's state, which this attempt changes
	 * @param upkeep what the thread does while this attempt waits
	 * @param names reads the names of the nodes
	 * @param quorum needs the quorum while there is a connection
	 * @param listener gets the notifications of the connection
	 */
	ConnectionAttempt(MembershipSetup setup, RunState state, Upkeep upkeep, NodeNames names, QuorumWatch quorum,
			GroupListener listener) {
		this.setup = setup;
		this.state = state;
		this.upkeep = upkeep;
		this.names = names;
		this.quorum = quorum;
		this.listener = listener;
	}

	/**
	 * Connects, joins, and returns when the connection has ended and the last event has
	 * been published, or a stop has been requested.
	 */
	void connectAndStay() {
		CompletableFuture<CpgNames> names = this.names.read();
		open(names);
		if (this.state.beginJoin()) {
			CpgConnection connection = connection();
			this.listener.connected(connection, NodeNames.outcome(names));
			begin(connection);
			connection.join(this.setup.name(), joinLimit());
			joined();
			stay();
		}
	}

	/** The interceptor does not wait for the listeners with a change of the quorum. */
	private void begin(CpgConnection connection) {
		CpgMembershipInterceptor interceptor = this.setup.interceptor();
		if (interceptor == null) {
			this.quorum.begin(this.listener::quorumChanged);
			return;
		}
		CpgQuorumMonitor monitor = this.setup.quorum();
		interceptor.joining(this.setup.connector(), connection, this.setup.events().group(),
				this.listener::publishInTurn);
		this.quorum.begin(() -> {
			interceptor.quorumChanged(monitor::getQuorum);
			this.listener.quorumChanged();
		});
		interceptor.quorumChanged(monitor::getQuorum);
	}

	/**
	 * Opens the connection while the names of the nodes are read, which come from another
	 * service of the daemon. It waits for both: an attempt that has failed must leave no
	 * reading behind.
	 */
	private void open(CompletableFuture<CpgNames> names) {
		try {
			CpgMembershipInterceptor interceptor = this.setup.interceptor();
			this.connection = (interceptor != null) ? this.setup.connector().connect(this.listener, interceptor)
					: this.setup.connector().connect(this.listener);
		}
		finally {
			await(names);
		}
	}

	/** A stop does not wait for names, and nothing that fails here fails the attempt. */
	private void await(CompletableFuture<CpgNames> names) {
		try {
			this.upkeep.until(() -> names.isDone() || this.state.isStopping(), TimeLimit.in(NAMES_LIMIT));
		}
		catch (Throwable ex) {
			CpgLog.MEMBERSHIP.debug().cause(ex).log("The nodes' names could not be awaited");
		}
	}

	/**
	 * The join timeout is how long a start waits. To give up each attempt so soon could
	 * mean never to join while the ring re-forms, and to leave a ghost behind.
	 */
	private Duration joinLimit() {
		Duration timeout = this.setup.settings().joinTimeout();
		return (timeout.compareTo(LEAST_JOIN_LIMIT) > 0) ? timeout : LEAST_JOIN_LIMIT;
	}

	/**
	 * This service is a member. The delivery thread may see it before the join's call
	 * returns to the membership's thread, and a stop come in between: what was joined
	 * must be left anyway.
	 */
	void joined() {
		this.joined = true;
		this.state.enter(MembershipState.JOINING, MembershipState.JOINED);
	}

	private void stay() {
		this.upkeep.until(() -> this.state.isStopping() || isLost());
		Throwable failure = this.listener.failure();
		if (failure != null && !this.state.isStopping()) {
			throw new IllegalStateException(
					"A change of the group could not be noted, so the connection is opened anew", failure);
		}
		BooleanSupplier over = () -> this.state.isStopping() || isClosed();
		if (!this.upkeep.until(over, TimeLimit.in(BACKLOG_LIMIT))) {
			warnOfBacklog();
			this.upkeep.until(over);
		}
	}

	private boolean isLost() {
		return isClosed() || !connection().isOpen() || this.listener.failure() != null;
	}

	private void warnOfBacklog() {
		CpgLog.MEMBERSHIP.warn()
			.with("group", this.setup.name())
			.log("Lost the connection of group '{}': {}. Reconnecting once the listeners have processed the {} still"
					+ " queued.", this.setup.name(), FailureLog.message(connection().failure()),
					Printable.count(connection().statistics().queuedBytes(), "byte"));
	}

	/** Returns whether this service has been a member on this connection. */
	boolean hasJoined() {
		return this.joined;
	}

	/**
	 * Leaves the group; what has to be finished before has half of the time.
	 * @param finishes whether to wait for that: it needs the listeners
	 */
	void leave(TimeLimit limit, boolean finishes) {
		CpgMembershipInterceptor interceptor = this.setup.interceptor();
		if (interceptor != null) {
			Future<?> finished = interceptor.leaving().whenComplete((result, failure) -> this.setup.thread().wake());
			this.upkeep.until(() -> !finishes || finished.isDone() || isLost(),
					TimeLimit.in(limit.remaining().dividedBy(2)));
		}
		connection().leave(limit.remaining());
	}

	/** Ends the connection; any thread may call it. */
	void close() {
		try {
			connection().close();
		}
		finally {
			this.quorum.end();
		}
	}

	/**
	 * Waits until the last event has been published.
	 * @return whether it has; {@code false} if a stop cannot wait for it any longer
	 */
	boolean awaitClosed() {
		this.upkeep.until(() -> this.state.isStopping() || isClosed());
		TimeLimit stop = this.state.stop();
		return stop == null || this.upkeep.until(this::isClosed, stop);
	}

	/** Returns whether the connection's last event has been published. */
	boolean isClosed() {
		return this.listener.isClosed();
	}

	/** Publishes no further event. */
	void mute() {
		this.listener.mute();
	}

	private CpgConnection connection() {
		CpgConnection connection = this.connection;
		if (connection == null) {
			throw new IllegalStateException("There is no connection");
		}
		return connection;
	}

}
