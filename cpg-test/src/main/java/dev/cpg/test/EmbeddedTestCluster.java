package dev.cpg.test;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMessage;
import dev.cpg.embedded.EmbeddedCluster;

/**
 * A cluster inside the JVM, as a {@link TestCluster}. It needs {@code cpg-embedded} on
 * the class path, and nothing else on the machine.
 */
public final class EmbeddedTestCluster extends TestCluster {

	private final EmbeddedCluster cluster;

	private final List<EmbeddedTestNode> nodes;

	/**
	 * Wraps a cluster, and closes it when this is closed.
	 * @param cluster the cluster, with its faults and whatever is connected to it
	 */
	public EmbeddedTestCluster(EmbeddedCluster cluster) {
		this(cluster, new TestMembers());
	}

	private EmbeddedTestCluster(EmbeddedCluster cluster, TestMembers members) {
		super(members);
		this.cluster = cluster;
		this.nodes = cluster.nodes().stream().map((node) -> new EmbeddedTestNode(node, members)).toList();
	}

	/**
	 * Starts a cluster that runs in real time.
	 * @param nodes the number of nodes, at least 1
	 * @return the cluster, all nodes in one ring
	 */
	public static EmbeddedTestCluster start(int nodes) {
		return new EmbeddedTestCluster(EmbeddedCluster.start(nodes));
	}

	/**
	 * The cluster itself, which has more faults than those that both engines have.
	 * @return the cluster
	 */
	public EmbeddedCluster embedded() {
		return this.cluster;
	}

	@Override
	public List<? extends TestNode> nodes() {
		return this.nodes;
	}

	@Override
	@SuppressWarnings("unchecked")
	void partitionNodes(List<Set<Integer>> sides) {
		this.cluster.partition(sides.toArray(Set[]::new));
	}

	@Override
	void cutNodes(int from, int to) {
		this.cluster.cut(from, to);
	}

	@Override
	public void dropNext(Predicate<CpgMessage> which) {
		this.cluster.dropNext(which);
	}

	@Override
	public void setQuorate(boolean quorate) {
		this.cluster.setQuorate(quorate);
	}

	@Override
	public void resetQuorate() {
		this.cluster.resetQuorate();
	}

	@Override
	public void leaveGhost(CpgAddress member) {
		this.cluster.leaveGhost(member);
	}

	@Override
	void restoreNodes() {
		this.cluster.restore();
	}

	@Override
	String nodesHistory() {
		return this.cluster.history();
	}

	@Override
	public void close() {
		this.cluster.close();
	}

}
