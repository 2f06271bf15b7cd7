package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgView;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.event.CpgDeliverEvent;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a send says while the application ends, and that its advice works.
 */
class CpgLastMessageTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withPropertyValues("cpg.group=orders")
		.withBean(ServiceNode.class)
		.withBean(Last.class);

	@Test
	void afterTheEndNobodyIsAdvisedToWaitForAConnection() {
		CpgTemplate[] template = new CpgTemplate[1];
		this.runner.run((context) -> template[0] = context.getBean(CpgTemplate.class));
		assertThat(template[0].multicast("late")).failsWithin(0, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingCause()
			.withMessageContaining("can be sent by a listener of ContextClosedEvent")
			.withMessageNotContaining("CpgConnectedEvent");
	}

	@Test
	void aListenerOfTheContextsEndSendsTheLastMessages() {
		Last[] last = new Last[1];
		this.runner.run((context) -> last[0] = context.getBean(Last.class));
		await().untilAsserted(() -> assertThat(last[0].heard).containsExactly("goodbye"));
	}

	static final class Last {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		private final List<CompletableFuture<CpgView>> sent = new CopyOnWriteArrayList<>();

		private final CpgTemplate template;

		Last(CpgTemplate template) {
			this.template = template;
		}

		@EventListener
		void on(ContextClosedEvent event) {
			this.sent.add(this.template.multicast("goodbye"));
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.heard.add(new String(event.getPayload(), StandardCharsets.UTF_8));
		}

	}

}
