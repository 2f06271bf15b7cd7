package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.fixture.OnEmbeddedNode;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageMapper;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Services that send each other typed messages.
 */
@Timeout(60)
class CpgTypedMessagesOfServicesTests {

	private static final String ORDER = "cpg.messages.types.order=" + Order.class.getName();

	private static final String NOTE = "cpg.messages.types.note=" + Note.class.getName();

	@AutoClose
	private final EmbeddedCluster cluster = EmbeddedCluster.start(2);

	@Test
	void servicesExchangeOrdersBothWays() {
		try (ConfigurableApplicationContext one = start(this.cluster.node(1), 11, ORDER);
				ConfigurableApplicationContext two = start(this.cluster.node(2), 22, ORDER)) {
			send(one, new Order(1, "tea"), Map.of("correlationId", "c1"));
			send(two, new Order(2, "Kölsch"), Map.of("shop", 7));
			send(one, "a text", Map.of());
			await().untilAsserted(() -> assertThat(heard(one)).containsExactly(
					"1/11 sent Order[id=1, item=tea] as order {contentType=application/json, correlationId=c1}",
					"Order[id=1, item=tea]",
					"2/22 sent Order[id=2, item=Kölsch] as order {shop=7, contentType=application/json}",
					"Order[id=2, item=Kölsch]", "text a text"));
			await().untilAsserted(() -> assertThat(heard(two)).isEqualTo(heard(one)));
		}
	}

	@Test
	void manyOrdersAreDeliveredToAllInOneOrderEachRightBeforeItsPayload() {
		try (ConfigurableApplicationContext one = start(this.cluster.node(1), 11, ORDER);
				ConfigurableApplicationContext two = start(this.cluster.node(2), 22, ORDER)) {
			for (int i = 0; i < 100; i++) {
				var unusedFirst = operations(one).convertAndMulticast(new Order(i, "a"));
				var unusedSecond = operations(two).convertAndMulticast(new Order(i, "b"));
			}
			await().untilAsserted(() -> assertThat(heard(one)).hasSize(400));
			await().untilAsserted(() -> assertThat(heard(two)).isEqualTo(heard(one)));
			for (int i = 0; i < 400; i += 2) {
				assertThat(heard(one).get(i)).contains(" sent " + heard(one).get(i + 1) + " as ");
			}
		}
	}

	@Test
	void aTypeThatOnlyTheSenderKnowsIsBytesWithItsNameAndCounted() {
		try (ConfigurableApplicationContext one = start(this.cluster.node(1), 11, ORDER, NOTE);
				ConfigurableApplicationContext two = start(this.cluster.node(2), 22, ORDER)) {
			send(one, new Note("hello"), Map.of());
			send(one, new Order(1, "tea"), Map.of());
			await().untilAsserted(
					() -> assertThat(heard(two)).containsExactly("bytes {\"text\":\"hello\"} of note from 1/11",
							"1/11 sent Order[id=1, item=tea] as order {contentType=application/json}",
							"Order[id=1, item=tea]"));
			assertThat(unconverted(two, "type_not_allowed")).isEqualTo(1);
			assertThat(unconverted(one, "type_not_allowed")).isZero();
		}
	}

	@Test
	void aNewerEnvelopeIsSkippedAndBrokenJsonIsBytesBothCounted() {
		try (ConfigurableApplicationContext one = start(this.cluster.node(1), 11, ORDER);
				ConfigurableApplicationContext two = start(this.cluster.node(2), 22, ORDER)) {
			byte[] newer = one.getBean(CpgMessageMapper.class).write(new Order(1, "tea"), Map.of());
			byte[] broken = newer.clone();
			newer[8] = 3;
			broken[broken.length - 1] = '!';
			assertThat(operations(one).multicast(newer)).succeedsWithin(Duration.ofSeconds(10));
			assertThat(operations(one).multicast(broken)).succeedsWithin(Duration.ofSeconds(10));
			send(one, "next", Map.of());
			await().untilAsserted(() -> assertThat(heard(two))
				.containsExactly("bytes {\"id\":1,\"item\":\"tea\"! of order from 1/11", "text next"));
			assertThat(unconverted(two, "newer_version")).isEqualTo(1);
			assertThat(unconverted(two, "conversion_failed")).isEqualTo(1);
		}
	}

	private static ConfigurableApplicationContext start(EmbeddedNode node, int memberId, String... properties) {
		return new SpringApplicationBuilder(Application.class).initializers(new OnEmbeddedNode(node))
			.web(WebApplicationType.NONE)
			.properties("cpg.member-id=" + memberId, "cpg.group=typed", "spring.main.banner-mode=off")
			.properties(properties)
			.run();
	}

	private static void send(ConfigurableApplicationContext context, Object payload, Map<String, Object> headers) {
		assertThat(operations(context).convertAndMulticast(payload, headers)).succeedsWithin(Duration.ofSeconds(10));
	}

	private static CpgOperations operations(ConfigurableApplicationContext context) {
		return context.getBean(CpgOperations.class);
	}

	private static List<String> heard(ConfigurableApplicationContext context) {
		return context.getBean(Listeners.class).heard;
	}

	private static double unconverted(ConfigurableApplicationContext context, String reason) {
		return context.getBean(MeterRegistry.class)
			.get("cpg.messages.unconverted")
			.tag("reason", reason)
			.counter()
			.count();
	}

	record Order(int id, String item) {
	}

	record Note(String text) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Listeners listeners() {
			return new Listeners();
		}

	}

	static final class Listeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgDeliverEvent<Order> event) {
			this.heard.add("%s sent %s as %s %s".formatted(event.getSender(), event.getPayload(), event.getTypeName(),
					event.getHeaders()));
		}

		@EventListener
		void on(Order order) {
			this.heard.add(order.toString());
		}

		@EventListener
		void text(CpgDeliverEvent<String> event) {
			this.heard.add("text " + event.getPayload());
		}

		@EventListener
		void bytes(CpgDeliverEvent<byte[]> event) {
			this.heard.add("bytes %s of %s from %s".formatted(new String(event.getPayload(), StandardCharsets.UTF_8),
					event.getTypeName(), event.getSender()));
		}

	}

}
