package dev.cpg.test;

import java.time.Duration;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What a test does to a node shows in Corosync's own tools.
 */
@CorosyncTest(nodes = 3)
class CorosyncClusterTests {

	@Test
	void threeNodesAreInOneQuorateRing(CorosyncCluster cluster) {
		assertThat(cluster.nodes()).extracting(CorosyncNode::nodeId).containsExactly(1, 2, 3);
		RingStatus first = ring(cluster.node(1));
		assertThat(first.nodeIds()).containsExactly(1, 2, 3);
		assertThat(first.quorate()).isTrue();
		assertThat(cluster.nodes()).allSatisfy((node) -> assertThat(ring(node)).isEqualTo(first));
	}

	@Test
	void eachNodeHasItsSocketsInADirectoryOfItsOwn(CorosyncCluster cluster) {
		assertThat(cluster.nodes()).extracting(CorosyncNode::socketDirectory).doesNotHaveDuplicates();
		assertThat(cluster.nodes()).allSatisfy((node) -> {
			assertThat(node.socketDirectory().resolve("cpg")).exists();
			assertThat(node.socketDirectory().resolve("votequorum").toString()).hasSizeLessThan(108);
		});
	}

	@Test
	void aKilledNodeIsGoneForTheOthersAndComesBackWhenStarted(CorosyncCluster cluster) {
		cluster.node(3).kill();

		assertThat(cluster.node(3).isRunning()).isFalse();
		assertThat(cluster.node(3).ringStatus()).isEmpty();
		patiently().untilAsserted(() -> assertThat(ring(cluster.node(1)).nodeIds()).isEqualTo(Set.of(1, 2)));

		cluster.node(3).start();
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(3)).nodeIds()).isEqualTo(Set.of(1, 2, 3));
	}

	@Test
	void aStoppedNodeLeavesWithoutTheOthersLosingTheToken(CorosyncCluster cluster) {
		int before = cluster.node(1).log().length();

		cluster.node(2).stop();

		assertThat(cluster.node(2).isRunning()).isFalse();
		patiently().untilAsserted(() -> assertThat(ring(cluster.node(1)).nodeIds()).isEqualTo(Set.of(1, 3)));
		assertThat(cluster.node(1).log().substring(before)).contains("Members left: 2")
			.doesNotContain("Failed to receive the leave message");
	}

	@Test
	void aPausedNodeIsLostToTheOthersAndComesBackWhenResumed(CorosyncCluster cluster) {
		cluster.node(1).pause();

		assertThat(cluster.node(1).isRunning()).isTrue();
		assertThat(cluster.node(1).isPaused()).isTrue();
		patiently().untilAsserted(() -> assertThat(ring(cluster.node(2)).nodeIds()).isEqualTo(Set.of(2, 3)));

		cluster.node(1).resume();
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(1)).nodeIds()).isEqualTo(Set.of(1, 2, 3));
	}

	@Test
	void aCutOffNodeIsAloneAndWithoutQuorumAndComesBackWhenHealed(CorosyncCluster cluster) {
		cluster.node(2).cut();

		patiently().untilAsserted(() -> {
			assertThat(ring(cluster.node(2)).nodeIds()).isEqualTo(Set.of(2));
			assertThat(ring(cluster.node(2)).quorate()).isFalse();
			assertThat(ring(cluster.node(1)).nodeIds()).isEqualTo(Set.of(1, 3));
			assertThat(ring(cluster.node(1)).quorate()).isTrue();
		});

		cluster.node(2).heal();
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(2)).nodeIds()).isEqualTo(Set.of(1, 2, 3));
	}

	@Test
	void aPartitionHasARingOnEachSideUntilItIsHealed(CorosyncCluster cluster) {
		cluster.partition(Set.of(1, 3), Set.of(2));
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(1)).nodeIds()).isEqualTo(Set.of(1, 3));
		assertThat(ring(cluster.node(3))).isEqualTo(ring(cluster.node(1)));
		assertThat(ring(cluster.node(2)).nodeIds()).isEqualTo(Set.of(2));

		cluster.partition(Set.of(1));
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(1)).nodeIds()).isEqualTo(Set.of(1));
		assertThat(ring(cluster.node(2)).nodeIds()).isEqualTo(Set.of(2, 3));

		cluster.heal();
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(3)).nodeIds()).isEqualTo(Set.of(1, 2, 3));
	}

	@Test
	void aNodeThatTwoOthersDoNotHearIsAlone(CorosyncCluster cluster) {
		cluster.cut(1, 2);
		cluster.cut(3, 2);
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(1)).nodeIds()).isEqualTo(Set.of(1, 3));
		assertThat(ring(cluster.node(2)).nodeIds()).isEqualTo(Set.of(2));

		cluster.heal();
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(ring(cluster.node(2)).nodeIds()).isEqualTo(Set.of(1, 2, 3));
	}

	@Test
	void whatADaemonDoesByChanceOnlySaysSo(CorosyncCluster cluster) {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> cluster.dropNext((message) -> true))
			.withMessageContaining("a cluster inside the JVM");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> cluster.leaveGhost(new CpgAddress(1, 11)));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> cluster.node(1).dropNext(1));
	}

	@Test
	void aNodeThatDoesNotExistIsAnError(CorosyncCluster cluster) {
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.node(4))
			.withMessage("There is no node 4, the nodes are 1 to 3");
	}

	private static RingStatus ring(CorosyncNode node) {
		return node.ringStatus().orElseThrow();
	}

	private static ConditionFactory patiently() {
		return await().atMost(Duration.ofSeconds(20)).ignoreExceptions();
	}

}
