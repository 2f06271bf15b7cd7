package dev.cpg.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * A cluster inside the JVM: nodes whose daemons order messages and agree on the members
 * of groups as Corosync's do, without a process, a socket or a native library. It is for
 * development and tests; no other process can take part.
 * <p>
 * Connections come from {@link EmbeddedNode#connector()}. All that is promised of a
 * {@link dev.cpg.client.CpgConnection} holds, and what Corosync does not promise happens
 * here, too: a node that is cut off delivers its last messages to itself alone.
 * <p>
 * By default the cluster runs in real time, on threads of its own. With a
 * {@linkplain Builder#seed(long) seed} it has no threads: it runs in the calls of the one
 * thread that has started it, by a clock of its own, and the same calls lead to the same
 * history.
 */
public final class EmbeddedCluster implements AutoCloseable {

	/** Corosync's own limits, for the default size of its messages. */
	private static final int MAX_ATOMIC_MESSAGE_SIZE = 1024 * 1024 - 1024;

	/** How often rings form where none can stay. */
	private static final int FORMATIONS_WITH_SEED = 3;

	private static final Duration START_LIMIT = Duration.ofSeconds(30);

	private final Engine engine;

	private final EmbeddedSettings settings;

	private final History history;

	private final Topology topology;

	private final Drops drops = new Drops();

	private final List<Daemon> daemons = new ArrayList<>();

	private final List<EmbeddedNode> nodes = new ArrayList<>();

	private final AtomicBoolean closed = new AtomicBoolean();

	private EmbeddedCluster(Builder builder) {
		Long seed = builder.seed;
		this.engine = (seed != null) ? new DeterministicEngine(seed) : new RealTimeEngine("cpg-" + builder.name);
		this.settings = builder.settings();
		this.history = new History(this.engine);
		// Without an end nothing would ever settle.
		this.topology = new Topology(this.engine, this.settings, this.history,
				(seed != null) ? FORMATIONS_WITH_SEED : Integer.MAX_VALUE);
		// A process id would be another one in each run.
		MemberIds memberIds = (seed != null) ? new MemberIds(1, 1)
				: new MemberIds(ProcessHandle.current().pid(), 1L << 22);
		for (int i = 1; i <= builder.nodes; i++) {
			Daemon daemon = new Daemon(i, this.topology, this.drops, this.settings);
			this.daemons.add(daemon);
			this.topology.add(daemon);
			this.nodes.add(new EmbeddedNode(daemon, this.engine, this.settings, memberIds));
		}
		this.engine.start(new ClusterSteps(this.daemons));
	}

	private EmbeddedCluster formed() {
		this.engine.apply(() -> this.daemons.forEach((daemon) -> daemon.start(0)));
		awaitFormed();
		return this;
	}

	private void awaitFormed() {
		long deadline = this.engine.nanoTime() + START_LIMIT.toNanos();
		if (!this.engine.await(() -> this.daemons.stream().allMatch(Daemon::isFormed), deadline)) {
			throw new IllegalStateException("The cluster did not form in " + START_LIMIT.toSeconds() + " seconds");
		}
	}

	/**
	 * Starts to build a cluster of one node.
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Starts a cluster in real time.
	 * @param nodes how many nodes it has
	 */
	public static EmbeddedCluster start(int nodes) {
		return builder().nodes(nodes).start();
	}

	/**
	 * Returns all nodes, by id.
	 */
	public List<EmbeddedNode> nodes() {
		return List.copyOf(this.nodes);
	}

	/**
	 * Returns a node.
	 * @param nodeId its id, from 1 on
	 */
	public EmbeddedNode node(int nodeId) {
		if (nodeId < 1 || nodeId > this.nodes.size()) {
			throw new IllegalArgumentException(
					"There is no node " + nodeId + ", only those from 1 to " + this.nodes.size());
		}
		return this.nodes.get(nodeId - 1);
	}

	/**
	 * Cuts the network between sets of nodes. Nodes that are in one set together reach
	 * each other, others do not; all nodes that are in no set form one more. What was cut
	 * before is healed.
	 * <p>
	 * A node may be in several sets: then it reaches nodes that do not reach each other.
	 * No ring can have them all, and chance decides which ones form. As on Corosync they
	 * do not stay: after each formation delay the nodes form rings anew, with the same
	 * nodes or others, and while one does not stay long enough its members are notified
	 * of nothing and send nothing. With a seed this happens a few times after each cut,
	 * and the last rings stay.
	 * @param sides the sets, by node id
	 */
	@SafeVarargs
	public final void partition(Set<Integer>... sides) {
		List<Set<Long>> cut = new ArrayList<>();
		for (Set<Integer> side : sides) {
			cut.add(side.stream()
				.map((nodeId) -> (long) node(nodeId).nodeId())
				.collect(Collectors.toCollection(TreeSet::new)));
		}
		this.engine.apply(() -> {
			this.history.add(cut.isEmpty() ? "the network is healed" : "the network is cut: " + cut);
			this.topology.network().partition(this.daemons.stream().map(Daemon::nodeId).toList(), cut);
			this.topology.changed();
		});
	}

	/**
	 * Cuts the network from one node to another, in addition to earlier cuts. As on
	 * Corosync, whose transport takes a connection without answers for down, neither
	 * hears the other then; both may still reach a third node, as after a
	 * {@link #partition} of sets that overlap.
	 * @param from the node whose messages do not arrive
	 * @param to the node where they do not
	 */
	public void cut(int from, int to) {
		Daemon sender = this.daemons.get(node(from).nodeId() - 1);
		Daemon receiver = this.daemons.get(node(to).nodeId() - 1);
		if (sender == receiver) {
			throw new IllegalArgumentException("Node " + from + " cannot be cut off from itself");
		}
		this.engine.apply(() -> {
			this.history.add("the network is cut from " + sender + " to " + receiver);
			this.topology.network().cut(sender.nodeId(), receiver.nodeId());
			this.topology.changed();
		});
	}

	/**
	 * Heals the network: all nodes reach each other, and those that run come together
	 * after the formation delay.
	 */
	public void heal() {
		partition();
	}

	/**
	 * Sets whether the nodes are quorate, as {@link EmbeddedNode#setQuorate(boolean)}
	 * does for one, until {@link #resetQuorate()}.
	 * @param quorate whether they are
	 * @throws IllegalStateException if the cluster has no quorum provider
	 */
	public void setQuorate(boolean quorate) {
		this.nodes.forEach((node) -> node.setQuorate(quorate));
	}

	/**
	 * Lets the votes decide again which nodes are quorate.
	 */
	public void resetQuorate() {
		this.nodes.forEach(EmbeddedNode::resetQuorate);
	}

	/**
	 * Has the sender's daemon drop the next message that is as described, in silence as
	 * far as all members are concerned: its outcome is
	 * {@link dev.cpg.client.CpgSendException.Outcome#LOST}. Each call drops one message.
	 * @param which says whether it is the one, by group, sender or payload; the message
	 * is as the sender would receive it. Called by the thread that runs the cluster, so
	 * it must not wait
	 */
	public void dropNext(Predicate<CpgMessage> which) {
		this.engine.apply(() -> this.drops.add(which));
	}

	/**
	 * Ends the connection of a member and leaves a ghost, as it can happen on Corosync:
	 * all daemons in its ring go on counting it, and nobody is notified. When its node
	 * leaves the ring it still stays. It ends when its node comes back after a restart of
	 * the daemon; until then no other process can be a member under its id.
	 * @param member the member, in whichever group
	 * @throws IllegalArgumentException if no connection is a member under this address
	 */
	public void leaveGhost(CpgAddress member) {
		Daemon daemon = this.daemons.get(node(Math.toIntExact(member.nodeId())).nodeId() - 1);
		AtomicBoolean left = new AtomicBoolean();
		this.engine.apply(() -> left.set(daemon.leaveGhost(member)));
		if (!left.get()) {
			throw new IllegalArgumentException("There is no member " + member);
		}
	}

	/**
	 * Undoes all faults: the network is healed, paused daemons go on, those that do not
	 * run are started, none drops or refuses messages, and the votes decide which nodes
	 * are quorate. Returns when all nodes are in one ring. Connections stay as they are.
	 */
	public void restore() {
		heal();
		for (EmbeddedNode node : this.nodes) {
			node.resume();
			node.start();
			node.dropNext(0);
			node.acceptMulticasts();
			node.resetQuorate();
		}
		this.engine.apply(this.drops::clear);
		awaitFormed();
	}

	/**
	 * Returns what happened so far, an entry a line with the time by the cluster's clock,
	 * the newest last: faults, rings formed, joins, leaves and multicasts dropped.
	 * Messages are counted. It is for a person who reads why a test failed; its form may
	 * change. The last 1,000 entries are kept. Any thread may call this, after the end of
	 * the cluster, too.
	 */
	public String history() {
		return this.history.toString();
	}

	/**
	 * Lets everything happen that can: messages are delivered, rings formed, listeners
	 * notified. The clock moves on to whatever is due at a time. Only for a cluster with
	 * a seed.
	 * @throws IllegalStateException if the cluster has no seed
	 */
	public void settle() {
		deterministic().settle();
	}

	/**
	 * Lets time pass by the cluster's clock, and everything happen that can meanwhile.
	 * Only for a cluster with a seed.
	 * @param duration how much time
	 * @throws IllegalStateException if the cluster has no seed
	 */
	public void advance(Duration duration) {
		deterministic().advance(duration);
	}

	/**
	 * Lets a number of steps happen, fewer if no more are possible without moving the
	 * clock. Only for a cluster with a seed.
	 * @param steps how many
	 * @throws IllegalStateException if the cluster has no seed
	 */
	public void run(int steps) {
		deterministic().run(steps);
	}

	private DeterministicEngine deterministic() {
		if (this.engine instanceof DeterministicEngine deterministic) {
			return deterministic;
		}
		throw new IllegalStateException("This cluster runs by itself; one with a seed runs step by step");
	}

	/**
	 * Ends the cluster, and with it all connections: that is the last that their
	 * listeners are notified of.
	 */
	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		CorosyncException cause = new CorosyncException(CsError.LIBRARY, "The embedded cluster was closed");
		this.engine.apply(() -> this.daemons.forEach((daemon) -> daemon.end(cause)));
		this.engine.close();
	}

	/**
	 * Builds a cluster.
	 */
	public static final class Builder {

		private int nodes = 1;

		private @Nullable Long seed;

		private String name = "embedded";

		private final Map<Long, String> nodeNames = new HashMap<>();

		private Duration formationDelay = Duration.ofMillis(50);

		private int maxAtomicMessageSize = MAX_ATOMIC_MESSAGE_SIZE;

		private boolean quorumProvider = true;

		private final Map<Long, Integer> votes = new HashMap<>();

		private @Nullable Integer expectedVotes;

		private boolean twoNode;

		private @Nullable Boolean waitForAll;

		private final Set<Mutation> mutations = new HashSet<>();

		private Builder() {
		}

		/**
		 * Sets how many nodes there are. Default is 1.
		 * @param nodes at least 1
		 */
		public Builder nodes(int nodes) {
			if (nodes < 1) {
				throw new IllegalArgumentException("A cluster has at least one node, not " + nodes);
			}
			this.nodes = nodes;
			return this;
		}

		/**
		 * Has the cluster run step by step in the thread that starts it, and a random of
		 * this seed choose each step. By default the cluster runs in real time.
		 * <p>
		 * A call that waits runs steps until it has what it waits for, and so does
		 * whoever waits for the future of a message; {@link EmbeddedCluster#settle()}
		 * runs all there are. The time of time limits is that of the cluster's own clock.
		 * Calls of other threads fail with an {@link IllegalStateException}.
		 * @param seed any number
		 */
		public Builder seed(long seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Sets the cluster's name. Default is {@code embedded}.
		 * @param name the name, which threads have, too
		 */
		public Builder name(String name) {
			this.name = name;
			return this;
		}

		/**
		 * Gives a node a name. By default nodes have none.
		 * @param nodeId the node's id
		 * @param name the name
		 */
		public Builder nodeName(int nodeId, String name) {
			this.nodeNames.put((long) nodeId, name);
			return this;
		}

		/**
		 * Sets how long nodes take to notice that others are gone or have come, and to
		 * form another ring. Default is 50 ms; zero is allowed.
		 * @param delay the delay
		 */
		public Builder formationDelay(Duration delay) {
			if (delay.isNegative()) {
				throw new IllegalArgumentException("The formation delay must not be negative, but is " + delay);
			}
			this.formationDelay = delay;
			return this;
		}

		/**
		 * Sets the size of the largest message that goes in one piece. Default is what it
		 * is on Corosync, 1,047,552 bytes. A small one lets a test send messages in
		 * fragments without much memory.
		 * @param size in bytes, at least 1
		 */
		public Builder maxAtomicMessageSize(int size) {
			if (size < 1) {
				throw new IllegalArgumentException("A message size is at least 1 byte, not " + size);
			}
			this.maxAtomicMessageSize = size;
			return this;
		}

		/**
		 * Sets whether the cluster has a quorum provider that counts votes, as
		 * {@code corosync_votequorum} does. Default is true. Without one no node is ever
		 * quorate, see {@link dev.cpg.client.CpgQuorum#provided()}.
		 * @param provided whether it has one
		 */
		public Builder quorumProvider(boolean provided) {
			this.quorumProvider = provided;
			return this;
		}

		/**
		 * Sets how many votes a node has, {@code quorum_votes} in {@code votequorum(5)}.
		 * Default is 1.
		 * @param nodeId the node's id
		 * @param votes at least 0
		 */
		public Builder votes(int nodeId, int votes) {
			if (votes < 0) {
				throw new IllegalArgumentException("A node has at least 0 votes, not " + votes);
			}
			this.votes.put((long) nodeId, votes);
			return this;
		}

		/**
		 * Sets of how many votes the nodes of a ring need more than half,
		 * {@code expected_votes} in {@code votequorum(5)}. Default is the sum of the
		 * nodes' votes.
		 * @param expectedVotes at least 1
		 */
		public Builder expectedVotes(int expectedVotes) {
			if (expectedVotes < 1) {
				throw new IllegalArgumentException("At least one vote is expected, not " + expectedVotes);
			}
			this.expectedVotes = expectedVotes;
			return this;
		}

		/**
		 * Sets whether rings of one or two nodes are quorate with one vote,
		 * {@code two_node} in {@code votequorum(5)}. Default is false.
		 * @param twoNode whether they are; then {@link #waitForAll} is true by default
		 */
		public Builder twoNode(boolean twoNode) {
			this.twoNode = twoNode;
			return this;
		}

		/**
		 * Sets whether a node that is not quorate becomes it only when all expected votes
		 * are there, or in a ring with a node that is quorate; {@code wait_for_all} in
		 * {@code votequorum(5)}. Default is whether it is a {@link #twoNode} cluster.
		 * @param waitForAll whether it waits
		 */
		public Builder waitForAll(boolean waitForAll) {
			this.waitForAll = waitForAll;
			return this;
		}

		/** Builds faults in. */
		Builder mutations(Set<Mutation> mutations) {
			this.mutations.addAll(mutations);
			return this;
		}

		private EmbeddedSettings settings() {
			return new EmbeddedSettings(this.formationDelay, this.maxAtomicMessageSize,
					new CpgNames(this.name, this.nodeNames), quorumSettings(), this.mutations);
		}

		private QuorumSettings quorumSettings() {
			int all = IntStream.rangeClosed(1, this.nodes).map((node) -> this.votes.getOrDefault((long) node, 1)).sum();
			return new QuorumSettings(this.quorumProvider, this.votes,
					(this.expectedVotes != null) ? this.expectedVotes : all, this.twoNode,
					(this.waitForAll != null) ? this.waitForAll : this.twoNode);
		}

		/**
		 * Starts the cluster. All nodes are in one ring when this returns.
		 */
		public EmbeddedCluster start() {
			return new EmbeddedCluster(this).formed();
		}

	}

}
