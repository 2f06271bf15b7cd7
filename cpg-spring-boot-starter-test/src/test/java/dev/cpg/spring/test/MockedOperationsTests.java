package dev.cpg.spring.test;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgOperations;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;

@SpringBootTest(classes = Echo.class, properties = "cpg.enabled=false")
@Import(MockedOperationsTests.Greeter.class)
@TestMethodOrder(MethodName.class)
class MockedOperationsTests {

	@MockitoBean
	private CpgOperations operations;

	@Autowired
	private Greeter greeter;

	@Test
	void aSendWhileTheContextStartsSucceeds() {
		assertThat(this.greeter.sent).isCompletedWithValue(1);
	}

	@Test
	void eachSendSucceedsWithoutInstructions() {
		assertThat(this.operations.multicast(new byte[0])).isCompletedWithValueMatching(MockedOperationsTests::isOne);
		assertThat(this.operations.multicast("text")).isCompletedWithValueMatching(MockedOperationsTests::isOne);
		assertThat(this.operations.convertAndMulticast("object"))
			.isCompletedWithValueMatching(MockedOperationsTests::isOne);
		assertThat(this.operations.convertAndMulticast("object", Map.of()))
			.isCompletedWithValueMatching(MockedOperationsTests::isOne);
	}

	@Test
	void instructionsOfATestAreObeyed() {
		given(this.operations.multicast(anyString())).willReturn(new CompletableFuture<>());
		assertThat(this.operations.multicast("text")).isNotDone();
	}

	@Test
	void instructionsOfAnotherTestAreForgotten() {
		assertThat(this.operations.multicast("text")).isCompletedWithValueMatching(MockedOperationsTests::isOne);
	}

	private static boolean isOne(CpgView view) {
		return view.members().size() == 1;
	}

	/**
	 * Sends when it is made.
	 */
	static class Greeter {

		private final CompletableFuture<Integer> sent;

		Greeter(CpgOperations operations) {
			this.sent = operations.multicast("hello").thenApply((view) -> view.members().size());
		}

	}

}
