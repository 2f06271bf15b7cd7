package dev.cpg.docs.testing;

import java.time.Duration;

import dev.cpg.spring.test.CorosyncCpg;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service on a real node, as docs/testing.md shows it.
 */
// snippet:corosync
@SpringBootTest(properties = "cpg.group=loads")
@CorosyncCpg
class LoadsOnCorosyncTests {

	@Autowired
	private Loads loads;

	@Test
	void knowsNothingWithoutItsDaemon(TestCluster cluster) {
		assertThat(this.loads.report(7)).succeedsWithin(Duration.ofSeconds(10));
		await().untilAsserted(() -> assertThat(this.loads.known()).containsValue(7));
		cluster.node(1).kill();
		await().untilAsserted(() -> assertThat(this.loads.known()).isEmpty());
	}

}
// end:corosync
