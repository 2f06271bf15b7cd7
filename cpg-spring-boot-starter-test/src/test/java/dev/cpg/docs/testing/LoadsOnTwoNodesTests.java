package dev.cpg.docs.testing;

import java.time.Duration;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.CpgGroup;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * Two services, as docs/testing.md shows them.
 */
// snippet:two
@CorosyncTest(nodes = 2)
class LoadsOnTwoNodesTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	@Test
	void theLoadOfANodeThatDiesIsForgotten(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1));
				ConfigurableApplicationContext two = start(cluster.node(2))) {
			await().untilAsserted(() -> assertThat(one.getBean(CpgGroup.class).getMembers()).hasSize(2));
			assertThat(two.getBean(Loads.class).report(7)).succeedsWithin(LONG).isEqualTo(2);
			Loads loads = one.getBean(Loads.class);
			await().untilAsserted(() -> assertThat(loads.known()).containsExactly(entry(new CpgAddress(2, 22), 7)));

			cluster.node(2).kill();
			await().atMost(LONG).untilAsserted(() -> assertThat(loads.known()).isEmpty());

			cluster.restore();
			await().atMost(LONG).untilAsserted(() -> assertThat(one.getBean(CpgGroup.class).getMembers()).hasSize(2));
		}
	}

	private static ConfigurableApplicationContext start(CorosyncNode node) {
		return new SpringApplicationBuilder(LoadsApplication.class).web(WebApplicationType.NONE)
			.run("--cpg.group=loads", "--cpg.member-id=" + 11 * node.nodeId(),
					"--cpg.corosync.socket-directory=" + node.socketDirectory());
	}

}
// end:two
