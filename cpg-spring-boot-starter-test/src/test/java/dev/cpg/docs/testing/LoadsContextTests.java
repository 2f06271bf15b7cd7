package dev.cpg.docs.testing;

import dev.cpg.client.CpgReason;
import dev.cpg.spring.CpgOperations;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * A context without a daemon, as docs/testing.md shows it.
 */
// snippet:context
@SpringBootTest(properties = "cpg.enabled=false")
@MockitoBean(types = CpgOperations.class)
class LoadsContextTests {

	@Autowired
	private ApplicationEventPublisher publisher;

	@Autowired
	private Loads loads;

	@Test
	void listensToLoadsAndChanges() {
		this.publisher.publishEvent(LoadsTests.delivered(LoadsTests.TWO, 7));
		assertThat(this.loads.known()).containsExactly(entry(LoadsTests.TWO, 7));
		this.publisher.publishEvent(LoadsTests.left(LoadsTests.TWO, CpgReason.LEAVE));
		assertThat(this.loads.known()).isEmpty();
	}

	@Test
	void aSendWithoutInstructionsSucceeds() {
		assertThat(this.loads.report(7)).isCompletedWithValue(1);
	}

}
// end:context
