package dev.cpg.docs.testing;

import java.time.Duration;

import dev.cpg.client.CpgSendException;
import dev.cpg.spring.test.EmbeddedCpg;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A message is lost, as docs/testing.md shows it.
 */
// snippet:lost
@SpringBootTest(properties = "cpg.group=loads")
@EmbeddedCpg
class LostMessageTests {

	@Test
	void aReportThatIsLostFails(TestCluster cluster, @Autowired Loads loads) {
		cluster.node(1).dropNext(1);
		assertThat(loads.report(7)).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(CpgSendException.class);
		assertThat(loads.report(8)).succeedsWithin(Duration.ofSeconds(10));
	}

}
// end:lost
