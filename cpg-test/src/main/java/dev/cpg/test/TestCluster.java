package dev.cpg.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMessage;

/**
 * A cluster whose nodes a test can make fail: of {@linkplain CorosyncCluster real
 * Corosync daemons}, or {@linkplain EmbeddedTestCluster inside the JVM}. Nodes are
 * numbered from 1. Any thread may call any method. Methods that need the cluster fail
 * once it is closed.
 */
public abstract sealed class TestCluster implements AutoCloseable permits CorosyncCluster, EmbeddedTestCluster {

	private final TestMembers members;

	TestCluster(TestMembers members) {
		this.members = members;
	}

	/**
	 * The nodes, by number.
	 * @return all nodes, running or not
	 */
	public abstract List<? extends TestNode> nodes();

	/**
	 * One node.
	 * @param nodeId 1 to the number of nodes
	 * @return the node, running or not
	 */
	public TestNode node(int nodeId) {
		int size = nodes().size();
		if (nodeId < 1 || nodeId > size) {
			throw new IllegalArgumentException("There is no node " + nodeId + ", the nodes are 1 to " + size);
		}
		return nodes().get(nodeId - 1);
	}

	/**
	 * Cuts the network between sets of nodes. Nodes that are in one set together reach
	 * each other, others do not; all nodes that are in no set form one more. A node may
	 * be in several sets: then it reaches nodes that do not reach each other, and no ring
	 * stays for long that it is in. An earlier cut is healed. Returns when the network is
	 * cut; the nodes notice afterwards, on Corosync after its token timeout.
	 * @param sides the sets, by node id
	 */
	@SafeVarargs
	public final void partition(Set<Integer>... sides) {
		List<Set<Integer>> copies = new ArrayList<>();
		for (Set<Integer> side : sides) {
			side.forEach(this::node);
			copies.add(Set.copyOf(side));
		}
		partitionNodes(copies);
	}

	/** Cuts the network between sets of nodes that exist. */
	abstract void partitionNodes(List<Set<Integer>> sides);

	/**
	 * Cuts the network from one node to another, in addition to earlier cuts: what the
	 * one sends does not reach the other. Without answers neither takes the other for
	 * reachable, so they hear each other no more than if both directions were cut.
	 * @param from the node that is not heard
	 * @param to the node that does not hear it
	 */
	public final void cut(int from, int to) {
		if (node(from).nodeId() == node(to).nodeId()) {
			throw new IllegalArgumentException("Node " + from + " cannot be cut off from itself");
		}
		cutNodes(from, to);
	}

	/** Cuts the network from one node to another one. */
	abstract void cutNodes(int from, int to);

	/**
	 * Heals the network: all nodes reach each other, and those that run come together
	 * afterwards.
	 */
	public void heal() {
		partitionNodes(List.of());
	}

	/**
	 * Has the sender's daemon drop the next message that is as described: its outcome is
	 * {@link dev.cpg.client.CpgSendException.Outcome#LOST}, other members get nothing.
	 * Each call drops one message.
	 * @param which says whether it is the one, by group, sender or payload; it must not
	 * wait
	 * @throws UnsupportedOperationException on Corosync, whose daemon drops messages only
	 * under load
	 */
	public void dropNext(Predicate<CpgMessage> which) {
		throw onlyInsideTheJvm("drop a message");
	}

	/**
	 * Ends the connection of a member and leaves a ghost: all daemons go on counting it,
	 * as Corosync can when a member ends while the ring re-forms, and nobody is notified.
	 * It ends when its node comes back after a restart of the daemon.
	 * @param member the member's address
	 * @throws IllegalArgumentException if there is no such member
	 * @throws UnsupportedOperationException on Corosync, which leaves ghosts by chance
	 */
	public void leaveGhost(CpgAddress member) {
		throw onlyInsideTheJvm("leave a ghost");
	}

	static UnsupportedOperationException onlyInsideTheJvm(String what) {
		return new UnsupportedOperationException(
				"A Corosync daemon cannot be made to " + what + ". Use a cluster inside the JVM for this test.");
	}

	/**
	 * Sets whether the nodes are quorate, whatever the votes are, until
	 * {@link #resetQuorate()}. Returns when it is so; listeners are notified afterwards.
	 * @param quorate whether they are
	 * @throws IllegalStateException if the cluster has no quorum provider
	 * @throws UnsupportedOperationException on Corosync, for true and for clusters with
	 * {@code two_node}: the expected votes of a real cluster can be raised beyond what
	 * there is, and nothing else helps
	 */
	public abstract void setQuorate(boolean quorate);

	/**
	 * Lets the votes decide again which nodes are quorate.
	 */
	public abstract void resetQuorate();

	/**
	 * Undoes what was done to the cluster: the network is healed, paused daemons are
	 * resumed, those that do not run are started, and the members that the test plays
	 * end. Returns when all nodes are in one ring, and fails if that takes longer than
	 * two minutes.
	 */
	public final void restore() {
		restoreNodes();
		this.members.endAll();
	}

	/** Undoes what was done to the nodes and the network. */
	abstract void restoreNodes();

	/**
	 * The members that the test plays, made by {@link TestNode#join(String)}, since the
	 * cluster was restored last.
	 * @return the members, also those that have ended
	 */
	public List<TestMember> members() {
		return this.members.all();
	}

	/**
	 * What has happened in the cluster, for the text of a failure: what the members have
	 * seen that the test plays, then the last lines that Corosync's daemons have logged,
	 * or the last events of a cluster inside the JVM.
	 * @return some lines of text, the newest of each kind last
	 */
	public final String history() {
		return Stream.concat(members().stream().map(TestMember::history), Stream.of(nodesHistory()))
			.collect(Collectors.joining("\n"));
	}

	/** What has happened to the nodes. */
	abstract String nodesHistory();

	/**
	 * Ends the cluster, and with it all connections to its nodes. A second call does
	 * nothing.
	 */
	@Override
	public abstract void close();

}
