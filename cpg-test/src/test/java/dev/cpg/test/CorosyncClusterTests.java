package dev.cpg.test;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CorosyncClusterTests {

	@Test
	void oneNodeIsAQuorateClusterByItself() {
		try (CorosyncCluster cluster = CorosyncCluster.start(1)) {
			assertThat(cluster.node(1).ringStatus()).hasValueSatisfying((ring) -> {
				assertThat(ring.nodeIds()).containsExactly(1);
				assertThat(ring.quorate()).isTrue();
			});
			assertThat(cluster.node(1).socketDirectory().resolve("cpg")).exists();
		}
	}

	@Test
	void threeNodes() {
		try (CorosyncCluster cluster = CorosyncCluster.start(3)) {
			List<CorosyncNode> nodes = cluster.nodes();
			nodes.get(0).kill();
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(
						() -> assertThat(nodes.get(1).ringStatus().orElseThrow().nodeIds()).isEqualTo(Set.of(2, 3)));
			nodes.get(1).cut();
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(nodes.get(1).ringStatus().orElseThrow().quorate()).isFalse());
			nodes.get(2).pause();
			nodes.get(2).stop();
			assertThat(nodes.get(2).isRunning()).isFalse();
			nodes.get(2).start();
			nodes.get(2).pause();
			cluster.restore();
		}
	}

}
