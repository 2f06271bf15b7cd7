package dev.cpg.embedded;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * A node of an {@link EmbeddedCluster}: its daemon, which processes connect to, and the
 * faults that it may have. Any thread may call any method, unless the cluster has a seed.
 * Each fault has happened when the method returns; what the other nodes make of it, they
 * do afterwards.
 */
public final class EmbeddedNode {

	private final Daemon daemon;

	private final Engine engine;

	private final EmbeddedSettings settings;

	private final MemberIds memberIds;

	EmbeddedNode(Daemon daemon, Engine engine, EmbeddedSettings settings, MemberIds memberIds) {
		this.daemon = daemon;
		this.engine = engine;
		this.settings = settings;
		this.memberIds = memberIds;
	}

	/**
	 * Returns the node's id: 1 for the first node, 2 for the second.
	 */
	public int nodeId() {
		return (int) this.daemon.nodeId();
	}

	/**
	 * Returns a connector to this node's daemon, whose connections join with any member
	 * id that is free. {@link EmbeddedConnector} has more settings.
	 */
	public CpgConnector connector() {
		return EmbeddedConnector.builder(this).build();
	}

	/**
	 * Returns a connector to this node's daemon, whose connections join with one member
	 * id. A second one is not admitted to a group that the first one is in.
	 * @param memberId what other members see as the process id, an unsigned 32-bit number
	 */
	public CpgConnector connector(long memberId) {
		return EmbeddedConnector.builder(this).memberId(memberId).build();
	}

	/**
	 * Kills the daemon. Its connections end, and the other nodes notice after the
	 * cluster's formation delay: their members get a change with
	 * {@link dev.cpg.client.CpgReason#NODEDOWN}. What the daemon has ordered and nobody
	 * else has received is lost. Does nothing if the daemon does not run.
	 */
	public void kill() {
		this.engine.apply(this.daemon::kill);
	}

	/**
	 * Stops the daemon in order: the members on this node end, which shows elsewhere as
	 * {@link dev.cpg.client.CpgReason#PROCDOWN}, the other nodes have received what the
	 * daemon has ordered, and form another ring at once. Its connections end. Does
	 * nothing if the daemon does not run.
	 */
	public void stop() {
		this.engine.apply(this.daemon::stop);
	}

	/**
	 * Starts the daemon after a {@link #stop()} or {@link #kill()}. It is alone at first,
	 * and comes together with those that it reaches after the formation delay. Does
	 * nothing if the daemon runs.
	 */
	public void start() {
		this.engine.apply(() -> this.daemon.start(this.settings.formationDelay().toNanos()));
	}

	/**
	 * Has the daemon forget in which ring it was last, as if the file was lost in which
	 * corosync keeps that: it counts its rings from the begin, so that ids of rings come
	 * again. Does nothing if the daemon runs.
	 */
	public void wipe() {
		this.engine.apply(this.daemon::wipe);
	}

	/**
	 * Stops the daemon at the place where it is, as {@code SIGSTOP} does: it neither
	 * sends nor receives, and calls that need it wait. The other nodes take it for dead
	 * after the formation delay. Its connections stay open and do not notice. Does
	 * nothing if the daemon does not run.
	 */
	public void pause() {
		this.engine.apply(this.daemon::pause);
	}

	/**
	 * Lets a paused daemon go on. It is still in the ring in which it was paused, and is
	 * never notified of those in between. What was sent on this node meanwhile reaches
	 * all members in the next ring, or, if the daemon holds the token of the old one, the
	 * members of this node alone.
	 */
	public void resume() {
		this.engine.apply(this.daemon::resume);
	}

	/**
	 * Has the daemon drop the next message that is sent on this node, in silence as far
	 * as all members are concerned: its outcome is
	 * {@link dev.cpg.client.CpgSendException.Outcome#LOST}.
	 */
	public void dropNext() {
		dropNext(1);
	}

	/**
	 * Has the daemon drop the next messages that are sent on this node.
	 * @param count how many; zero takes back what was set before
	 */
	public void dropNext(int count) {
		this.engine.apply(() -> this.daemon.dropNext(count));
	}

	/**
	 * Has the daemon take no multicasts until {@link #acceptMulticasts()}, as if its
	 * queue were full: its flow control says
	 * {@link dev.cpg.client.CpgFlowControl#NO_MULTICAST}.
	 */
	public void refuseMulticasts() {
		this.engine.apply(() -> this.daemon.refuseMulticasts(true));
	}

	/**
	 * Has the daemon take multicasts again.
	 */
	public void acceptMulticasts() {
		this.engine.apply(() -> this.daemon.refuseMulticasts(false));
	}

	/**
	 * Sets whether this node is quorate, whatever the votes are, until
	 * {@link #resetQuorate()}. The listeners of its quorum connections are notified if
	 * that is a change, at once or, while the daemon is paused, when it goes on. The
	 * votes go on being counted, and the other nodes do not notice.
	 * @param quorate whether it is
	 * @throws IllegalStateException if the cluster has no quorum provider
	 */
	public void setQuorate(boolean quorate) {
		if (!this.settings.quorum().provided()) {
			throw new IllegalStateException(
					"The cluster was built without a quorum provider, so no node can be quorate");
		}
		this.engine.apply(() -> this.daemon.setQuorate(quorate));
	}

	/**
	 * Lets the votes decide again whether this node is quorate.
	 */
	public void resetQuorate() {
		this.engine.apply(() -> this.daemon.setQuorate(null));
	}

	/**
	 * Returns whether the daemon runs; a paused one does.
	 */
	public boolean isRunning() {
		return this.daemon.isUp();
	}

	/**
	 * Returns whether the daemon is paused.
	 */
	public boolean isPaused() {
		return this.daemon.isPaused();
	}

	@Override
	public String toString() {
		return "node " + nodeId();
	}

	CpgNames names() {
		return this.settings.names();
	}

	CpgClusterSettings clusterSettings() {
		return new CpgClusterSettings(this.settings.formationDelay(),
				this.settings.quorum().twoNode() ? "quorum.two_node" : null);
	}

	int maxAtomicMessageSize() {
		return this.settings.maxAtomicMessageSize();
	}

	/** Returns the member ids of connections for which none is set. */
	MemberIds freeMemberIds() {
		return this.memberIds;
	}

	/** Opens a connection. A daemon that is paused admits nobody until it goes on. */
	EmbeddedConnection open(CpgListener listener, @Nullable CpgInterceptor interceptor, MemberIds ids,
			ConnectionSettings connectionSettings) {
		await(() -> !isPaused(), connectionSettings.requestTimeout());
		Session session = new Session(this.daemon, this.engine, ids, listener, interceptor, connectionSettings);
		AtomicBoolean opened = new AtomicBoolean();
		if (isRunning()) {
			this.engine.apply(() -> opened.set(this.daemon.open(session)));
		}
		if (!opened.get()) {
			throw notRunning();
		}
		return new EmbeddedConnection(this.engine, this.daemon, session, connectionSettings);
	}

	/** Opens a connection to the quorum service, likewise. */
	EmbeddedQuorumConnection openQuorum(CpgQuorumListener listener, ConnectionSettings connectionSettings) {
		QuorumService quorum = this.daemon.quorum();
		await(() -> !isPaused() && (quorum.isKnown() || !isRunning()), connectionSettings.requestTimeout());
		EmbeddedQuorumConnection connection = new EmbeddedQuorumConnection(this.engine, this.daemon, listener,
				connectionSettings.threadName(nodeId(), "quorum"));
		this.engine.apply(() -> quorum.open(connection));
		if (!connection.isAdmitted()) {
			throw notRunning();
		}
		return connection;
	}

	private void await(BooleanSupplier ready, Duration requestTimeout) {
		if (!this.engine.await(ready, this.engine.nanoTime() + requestTimeout.toNanos())) {
			throw new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT,
					"The daemon of " + this + " did not answer in time: it is paused", null);
		}
	}

	private CorosyncConnectException notRunning() {
		return new CorosyncConnectException(Reason.NOT_RUNNING, CsError.NOT_EXIST,
				"There is no daemon on " + this + ": it was stopped or killed, and start() was not called", null);
	}

}
