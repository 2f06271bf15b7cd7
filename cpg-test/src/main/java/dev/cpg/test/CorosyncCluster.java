package dev.cpg.test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Corosync cluster on this machine, without root: every node is a corosync daemon.
 * The cluster has a network of its own, so it never talks to another one. Nodes are
 * numbered from 1. Processes outside of it, such as this JVM, reach each daemon through
 * the socket files in {@link CorosyncNode#socketDirectory()}.
 * <p>
 * The cluster ends with {@link #close()} and with the JVM, however that ends. Nothing of
 * it stays on the machine, unless the shell that supervises it, a child of the JVM, is
 * killed, too. Several clusters may run at once, in one JVM and in several.
 * <p>
 * It needs Linux 5.9 or newer with user namespaces, corosync, and the tools of iproute2
 * and util-linux; {@link #unavailableReason()} says what is missing. Any thread may call
 * any method. Methods that need the cluster fail once it is closed.
 */
public final class CorosyncCluster extends TestCluster {

	private static final Duration FORMED_LIMIT = Duration.ofSeconds(60);

	private final ClusterWorld world;

	private final List<CorosyncNode> nodes;

	private final ClusterConfiguration configuration;

	/** Whether the daemons expect more votes than there are. */
	private volatile boolean inquorate;

	private CorosyncCluster(ClusterWorld world, List<CorosyncNode> nodes, TestMembers members,
			ClusterConfiguration configuration) {
		super(members);
		this.configuration = configuration;
		this.world = world;
		this.nodes = List.copyOf(nodes);
	}

	/**
	 * Builds a cluster. The defaults are one node, a token timeout of 1 second, and knet.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Starts a cluster and waits until it has formed.
	 * @param nodes the number of nodes, 1 to 32
	 * @return the cluster
	 * @throws CorosyncClusterException if no cluster can run here, or it does not form
	 * within a minute
	 */
	public static CorosyncCluster start(int nodes) {
		return builder().nodes(nodes).start();
	}

	/**
	 * Says why no cluster can run on this machine. It is tried once for each JVM, which
	 * takes 20 seconds at most.
	 * @return a sentence, empty if a cluster can run
	 */
	public static Optional<String> unavailableReason() {
		return Availability.ofThisMachine();
	}

	/**
	 * Says why no cluster with this transport can run on this machine: the reason of
	 * {@link #unavailableReason()}, or that the machine's corosync was built without the
	 * transport. It is tried once for each JVM.
	 * @param transport the transport between the nodes
	 * @return a sentence, empty if such a cluster can run
	 */
	public static Optional<String> unavailableReason(Transport transport) {
		return unavailableReason().or(() -> missingReason(transport));
	}

	/** Says why the corosync of this machine lacks the transport. */
	static Optional<String> missingReason(Transport transport) {
		return (transport == Transport.UDPU) ? Availability.ofUdpu() : Optional.empty();
	}

	@Override
	public List<CorosyncNode> nodes() {
		return this.nodes;
	}

	@Override
	public CorosyncNode node(int nodeId) {
		return (CorosyncNode) super.node(nodeId);
	}

	/**
	 * Waits until all nodes that run, are not paused and not cut off report one ring of
	 * exactly these nodes, or one for each side of a partition. They are quorate if they
	 * are a majority, unless the cluster was built with other settings for quorum. If a
	 * node reaches two that do not reach each other, no ring stays, and this fails.
	 * @param limit the longest time to wait
	 * @throws CorosyncClusterException if the time is over first, with the last answer
	 * and the end of the log of each node
	 */
	public void awaitFormed(Duration limit) {
		this.world.requireOpen();
		if (!Waiting.until(limit, this::isFormed)) {
			throw new CorosyncClusterException("The cluster did not form within " + limit + ".\n" + report());
		}
	}

	/**
	 * Waits for all nodes, but not for a daemon that ended by itself, for instance
	 * because of its configuration.
	 */
	private void awaitAllFormed() {
		BooleanSupplier oneEnded = () -> !this.nodes.stream().allMatch(CorosyncNode::isRunning);
		boolean decided = Waiting.until(FORMED_LIMIT, () -> oneEnded.getAsBoolean() || isFormed());
		if (oneEnded.getAsBoolean()) {
			throw new CorosyncClusterException("The cluster did not form, a daemon has ended.\n" + report());
		}
		if (!decided) {
			throw new CorosyncClusterException("The cluster did not form within " + FORMED_LIMIT + ".\n" + report());
		}
	}

	private boolean isFormed() {
		List<CorosyncNode> active = this.nodes.stream()
			.filter((node) -> node.isRunning() && !node.isPaused() && !node.isCut())
			.toList();
		Map<List<CorosyncNode>, List<CorosyncNode>> sides = active.stream()
			.collect(Collectors.groupingBy((node) -> active.stream().filter(node::isLinkedTo).toList()));
		// Where nodes of one side hear different ones, no ring stays.
		return !sides.isEmpty() && sides.entrySet()
			.stream()
			.allMatch((side) -> side.getKey().equals(side.getValue()) && areOneRing(side.getValue()));
	}

	private boolean areOneRing(List<CorosyncNode> side) {
		SortedSet<Integer> expected = side.stream()
			.map(CorosyncNode::nodeId)
			.collect(Collectors.toCollection(TreeSet::new));
		boolean quorate = !this.inquorate && this.configuration.isDecidedByMajority()
				&& expected.size() > this.nodes.size() / 2;
		String ringId = null;
		for (CorosyncNode node : side) {
			RingStatus status = node.ringStatus().orElse(null);
			if (status == null || !status.nodeIds().equals(expected) || (quorate && !status.quorate())) {
				return false;
			}
			if (ringId != null && !ringId.equals(status.ringId())) {
				return false;
			}
			ringId = status.ringId();
		}
		return true;
	}

	@Override
	void partitionNodes(List<Set<Integer>> sides) {
		Set<Integer> all = this.nodes.stream().map(CorosyncNode::nodeId).collect(Collectors.toSet());
		Set<Integer> others = new TreeSet<>(all);
		sides.forEach(others::removeAll);
		for (CorosyncNode node : this.nodes) {
			Set<Integer> missed = new TreeSet<>(all);
			Stream.concat(sides.stream(), Stream.of(others))
				.filter((side) -> side.contains(node.nodeId()))
				.forEach(missed::removeAll);
			node.miss(missed);
		}
	}

	@Override
	void cutNodes(int from, int to) {
		node(from).miss(to);
	}

	/**
	 * Heals the network: all nodes reach each other, those that were
	 * {@linkplain CorosyncNode#cut() cut off}, too.
	 */
	@Override
	public void heal() {
		super.heal();
		this.nodes.stream().filter(CorosyncNode::isCut).forEach(CorosyncNode::heal);
	}

	/**
	 * {@inheritDoc} A daemon that starts afterwards counts as it is configured.
	 */
	@Override
	public void setQuorate(boolean quorate) {
		if (!this.configuration.quorumProvider()) {
			throw new IllegalStateException("The cluster was built without a quorum provider, so no node is quorate");
		}
		if (quorate || this.configuration.settings().containsKey("quorum.two_node")) {
			throw onlyInsideTheJvm(quorate ? "be quorate against the votes" : "lose quorum with two_node");
		}
		this.inquorate = true;
		expectVotes(2 * this.configuration.expectedVotes());
		if (!Waiting.until(FORMED_LIMIT, () -> this.nodes.stream().noneMatch(CorosyncCluster::isQuorate))) {
			throw new CorosyncClusterException(
					"The nodes did not lose quorum within " + FORMED_LIMIT + ".\n" + report());
		}
	}

	private static boolean isQuorate(CorosyncNode node) {
		return node.ringStatus().filter(RingStatus::quorate).isPresent();
	}

	@Override
	public void resetQuorate() {
		if (this.inquorate) {
			this.inquorate = false;
			expectVotes(this.configuration.expectedVotes());
		}
	}

	private void expectVotes(int votes) {
		this.nodes.stream()
			.filter((node) -> node.isRunning() && !node.isPaused())
			.forEach((node) -> node.setConfiguration("quorum.expected_votes", votes));
	}

	@Override
	void restoreNodes() {
		this.world.requireOpen();
		heal();
		this.nodes.forEach(CorosyncNode::resume);
		resetQuorate();
		List<CorosyncNode> dead = this.nodes.stream().filter((node) -> !node.isRunning()).toList();
		if (!dead.isEmpty() && dead.size() < this.nodes.size()) {
			// A node that comes back before its death was noticed can confuse totem and
			// knet for 15 seconds.
			awaitFormed(FORMED_LIMIT);
		}
		dead.forEach(CorosyncNode::start);
		awaitAllFormed();
	}

	@Override
	String nodesHistory() {
		return this.nodes.stream().map(CorosyncNode::logTail).collect(Collectors.joining("\n"));
	}

	private String report() {
		return this.nodes.stream()
			.map((node) -> node.ringStatus().map(Object::toString).orElse("No answer") + " from node " + node.nodeId()
					+ ". " + node.logTail())
			.collect(Collectors.joining("\n"));
	}

	/**
	 * Kills every process in the cluster and removes what it put on the machine:
	 * processes, namespaces, mounts, directories, files in {@code /dev/shm}. Returns when
	 * all of that is done. A second call does nothing.
	 */
	@Override
	public void close() {
		this.world.close();
	}

	/**
	 * The transport between the nodes.
	 */
	public enum Transport {

		/**
		 * Kronosnet, Corosync's default.
		 */
		KNET,

		/**
		 * Plain UDP unicast, without encryption. Corosync can be built without it;
		 * versions after 3.1.10 are by default.
		 * @see CorosyncCluster#unavailableReason(Transport)
		 */
		UDPU

	}

	/**
	 * Builds a cluster. For one thread at a time.
	 */
	public static final class Builder {

		private int nodes = 1;

		private Duration token = Duration.ofSeconds(1);

		private Transport transport = Transport.KNET;

		private int mtu = 1500;

		private boolean quorumProvider = true;

		private final Map<Integer, Integer> votes = new LinkedHashMap<>();

		private final Map<String, String> settings = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * The number of nodes.
		 * @param nodes 1 to 32
		 * @return this builder
		 */
		public Builder nodes(int nodes) {
			if (nodes < 1 || nodes > 32) {
				throw new IllegalArgumentException("A cluster has 1 to 32 nodes, not " + nodes);
			}
			this.nodes = nodes;
			return this;
		}

		/**
		 * The token timeout. A node's death is noticed after this time and the consensus
		 * timeout, which is 1.2 times as long. The daemons have no real-time priority
		 * here, so on a busy machine a short token gets lost for lack of processor time:
		 * use 3 seconds or more for load tests.
		 * @param token the timeout, in whole milliseconds, at least 1; 1 second by
		 * default
		 * @return this builder
		 */
		public Builder token(Duration token) {
			if (token.toMillis() < 1) {
				throw new IllegalArgumentException("A token timeout has 1 ms or more, not " + token);
			}
			this.token = token;
			return this;
		}

		/**
		 * The transport between the nodes.
		 * @param transport the transport, {@link Transport#KNET} by default
		 * @return this builder
		 */
		public Builder transport(Transport transport) {
			this.transport = transport;
			return this;
		}

		/**
		 * The largest packet of the network between the nodes. With Ethernet's size, a
		 * loaded cluster on one machine spends most of its time on cutting messages into
		 * packets and putting them together.
		 * @param mtu 1280 to 65535 bytes, 1500 by default
		 * @return this builder
		 */
		public Builder mtu(int mtu) {
			if (mtu < 1280 || mtu > 65535) {
				throw new IllegalArgumentException("An MTU has 1280 to 65535 bytes, not " + mtu);
			}
			this.mtu = mtu;
			return this;
		}

		/**
		 * Whether the cluster has a quorum provider that counts votes,
		 * {@code corosync_votequorum}. Without one no node is ever quorate, see
		 * {@link dev.cpg.client.CpgQuorum#provided()}.
		 * @param provided whether it has one, true by default
		 * @return this builder
		 */
		public Builder quorumProvider(boolean provided) {
			this.quorumProvider = provided;
			return this;
		}

		/**
		 * The votes of a node, {@code quorum_votes} in {@code votequorum(5)}. Other
		 * settings for quorum are {@linkplain #setting settings} such as
		 * {@code quorum.expected_votes}, {@code quorum.two_node} and
		 * {@code quorum.wait_for_all}.
		 * @param nodeId the node
		 * @param votes at least 0, 1 by default
		 * @return this builder
		 */
		public Builder votes(int nodeId, int votes) {
			if (votes < 0) {
				throw new IllegalArgumentException("A node has at least 0 votes, not " + votes);
			}
			this.votes.put(nodeId, votes);
			return this;
		}

		/**
		 * A setting of {@code corosync.conf}, which overrides the default one.
		 * @param name section and name, such as {@code system.qb_ipc_type}
		 * @param value its value
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			if (!name.matches("[^.\\s]+\\.[^.\\s]+")) {
				throw new IllegalArgumentException("A setting is named 'section.name', not '" + name + "'");
			}
			if (value.isBlank() || value.indexOf('\n') >= 0) {
				throw new IllegalArgumentException("A setting's value is one line, not '" + value + "' as of " + name);
			}
			this.settings.put(name, value);
			return this;
		}

		/**
		 * Starts the cluster and waits until it has formed.
		 * @return the cluster
		 * @throws CorosyncClusterException if no cluster can run here, or it does not
		 * form within a minute
		 */
		public CorosyncCluster start() {
			unavailableReason(this.transport).ifPresent((reason) -> {
				throw new CorosyncClusterException(reason);
			});
			ClusterWorld world = ClusterWorld.open();
			try {
				ClusterConfiguration configuration = new ClusterConfiguration(this.nodes, this.token, this.transport,
						this.quorumProvider, this.votes, this.settings);
				ClusterKey key = new ClusterKey();
				TestMembers members = new TestMembers();
				List<CorosyncNode> created = new ArrayList<>();
				for (int node = 1; node <= this.nodes; node++) {
					created.add(new CorosyncNode(world, node, this.mtu, configuration, key, members));
				}
				CorosyncCluster cluster = new CorosyncCluster(world, created, members, configuration);
				created.forEach(CorosyncNode::start);
				cluster.awaitAllFormed();
				return cluster;
			}
			catch (IOException | RuntimeException ex) {
				world.close();
				throw (ex instanceof RuntimeException runtimeException) ? runtimeException
						: new CorosyncClusterException("The cluster's files could not be written: " + ex, ex);
			}
		}

	}

}
