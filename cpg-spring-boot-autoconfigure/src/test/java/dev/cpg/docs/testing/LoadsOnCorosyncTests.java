package dev.cpg.docs.testing;

import java.time.Duration;

import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service on a real node, as docs/testing.md shows it.
 */
// snippet:corosync
@SpringBootTest(properties = "cpg.group=loads")
@CorosyncTest
@DirtiesContext
class LoadsOnCorosyncTests {

	private static CorosyncCluster cluster;

	@Autowired
	private CpgGroup group;

	@Autowired
	private Loads loads;

	@BeforeAll
	static void keep(CorosyncCluster started) {
		cluster = started;
	}

	@DynamicPropertySource
	static void corosync(DynamicPropertyRegistry registry) {
		registry.add("cpg.corosync.socket-directory", () -> cluster.node(1).socketDirectory());
	}

	@BeforeEach
	void isAMember() {
		await().atMost(Duration.ofSeconds(30)).until(() -> this.group.getState() == State.JOINED);
	}

	@Test
	void receivesItsOwnMessages() {
		assertThat(this.loads.report(5)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1);
		await().untilAsserted(() -> assertThat(this.loads.known()).containsValue(5));
	}

	@Test
	void knowsNothingWithoutItsDaemon() {
		assertThat(this.loads.report(7)).succeedsWithin(Duration.ofSeconds(10));
		await().untilAsserted(() -> assertThat(this.loads.known()).containsValue(7));
		cluster.node(1).kill();
		await().untilAsserted(() -> assertThat(this.loads.known()).isEmpty());
	}

}
// end:corosync
