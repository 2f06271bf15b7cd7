package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.embedded.OrderedMessage.NodeVotes;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's quorum: the nodes of a new ring exchange their votes after the processes,
 * and each reports the quorum when it has those of all. Without a provider each reports
 * the ring. What a test sets replaces the result of the count, and nothing else. Used by
 * the engine's thread alone.
 */
final class QuorumService {

	private final long nodeId;

	private final QuorumSettings settings;

	private final Consumer<OrderedMessage> orderer;

	private final History history;

	private final List<EmbeddedQuorumConnection> connections = new ArrayList<>();

	private VoteCount count;

	/** {@code null} if the ring's quorum was reported. */
	private @Nullable Ring synchronizing;

	private final Map<Long, NodeVotes> votes = new TreeMap<>();

	private @Nullable Boolean forced;

	/** What was reported last, {@code null} before the first report. */
	private volatile @Nullable CpgQuorum reported;

	/**
	 * Creates it for a daemon that does not run.
	 * @param orderer queues a message for the ring
	 */
	QuorumService(long nodeId, QuorumSettings settings, Consumer<OrderedMessage> orderer, History history) {
		this.nodeId = nodeId;
		this.settings = settings;
		this.orderer = orderer;
		this.history = history;
		this.count = new VoteCount(nodeId, settings);
	}

	/** Returns whether the quorum of the present ring is not known yet. */
	boolean isSynchronizing() {
		return this.synchronizing != null;
	}

	/** The daemon has started, in a ring of its own. */
	void start(Ring ring) {
		ringFormed(ring);
		if (this.settings.provided()) {
			deliver(this.count.ofThisNode());
		}
		else {
			finish();
		}
	}

	/** The node enters a new ring. */
	void ringFormed(Ring ring) {
		this.synchronizing = ring;
		this.votes.clear();
	}

	/** The processes of the new ring are known: it is the votes' turn. */
	void processesKnown() {
		if (this.settings.provided()) {
			this.orderer.accept(this.count.ofThisNode());
		}
		else {
			finish();
		}
	}

	/** The votes of a node of the new ring are delivered. */
	void deliver(NodeVotes node) {
		this.votes.put(node.nodeId(), node);
		if (this.synchronizing != null && this.votes.size() == this.synchronizing.members().size()) {
			this.count.count(this.votes.values());
			finish();
		}
	}

	private void finish() {
		Ring ring = this.synchronizing;
		if (ring != null) {
			this.synchronizing = null;
			report(new CpgQuorum(this.settings.provided(), quorate(), ring.id(), ring.nodeIds()));
		}
	}

	private boolean quorate() {
		return (this.forced != null) ? this.forced : this.count.isQuorate();
	}

	private void report(CpgQuorum quorum) {
		CpgQuorum last = this.reported;
		boolean before = last != null && last.quorate();
		if (quorum.quorate() != before) {
			this.history
				.add("node " + this.nodeId + " is " + (before ? "not quorate any more" : "quorate") + because());
		}
		this.reported = quorum;
		this.connections.forEach((connection) -> connection.report(quorum));
	}

	private String because() {
		return (this.forced != null) ? ", as the test has set" : "";
	}

	/**
	 * Sets whether the node is quorate.
	 * @param forced {@code null} if the votes decide
	 */
	void force(@Nullable Boolean forced) {
		this.forced = forced;
	}

	/** Reports what was set since the last report. */
	void reportForced() {
		CpgQuorum last = this.reported;
		if (last != null && last.quorate() != quorate() && last.provided()) {
			report(new CpgQuorum(true, quorate(), last.ring(), last.nodeIds()));
		}
	}

	/** Returns whether connections can be opened. For any thread. */
	boolean isKnown() {
		return this.reported != null;
	}

	/** Opens a connection, which gets the present quorum, if the daemon runs. */
	void open(EmbeddedQuorumConnection connection) {
		CpgQuorum present = this.reported;
		if (present != null) {
			this.connections.add(connection);
			connection.admitted(present);
		}
	}

	void close(EmbeddedQuorumConnection connection) {
		this.connections.remove(connection);
	}

	/** The daemon ends, and so do all connections. */
	void end(CorosyncException cause) {
		List.copyOf(this.connections).forEach((connection) -> connection.end(cause));
		this.connections.clear();
		this.count = new VoteCount(this.nodeId, this.settings);
		this.synchronizing = null;
		this.reported = null;
	}

}
