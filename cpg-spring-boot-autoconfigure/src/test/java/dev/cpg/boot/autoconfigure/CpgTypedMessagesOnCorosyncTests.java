package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.LibcpgPeer;
import dev.cpg.test.LibcpgTest;
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
 * Typed messages between a service and a program that has only libcpg.
 */
@CorosyncTest(nodes = 2)
@Timeout(90)
class CpgTypedMessagesOnCorosyncTests {

	@Test
	@LibcpgTest
	void aProgramInCSendsAndReceivesBytes(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1));
				LibcpgPeer peer = LibcpgPeer.start(cluster.node(2))) {
			peer.join("typed");
			await().until(() -> one.getBean(CpgGroup.class).getMembers().size() == 2);
			peer.send("{\"id\":1}", () -> !heard(one).isEmpty());
			assertThat(heard(one)).containsOnly("bytes {\"id\":1} of null from " + peer.member());
			assertThat(operations(one).multicast("raw")).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(peer.events()).anyMatch((event) -> event.startsWith("deliver")
					&& event.contains(LibcpgPeer.checksum("raw".getBytes(StandardCharsets.UTF_8)))));
			// The same but for the number that each message has of its own.
			byte[] typed = one.getBean(CpgMessageMapper.class).write(new Order(2, "tea"), Map.of());
			assertThat(operations(one).convertAndMulticast(new Order(2, "tea"))).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(peer.events())
				.anyMatch((event) -> event.startsWith("deliver 1/11 " + typed.length + " ")));
		}
	}

	private static ConfigurableApplicationContext start(CorosyncNode node) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("cpg.corosync.socket-directory=" + node.socketDirectory(), "cpg.member-id=11",
					"cpg.group=typed", "cpg.messages.types.order=" + Order.class.getName(),
					"spring.main.banner-mode=off")
			.run();
	}

	private static CpgOperations operations(ConfigurableApplicationContext context) {
		return context.getBean(CpgOperations.class);
	}

	private static List<String> heard(ConfigurableApplicationContext context) {
		return context.getBean(Listeners.class).heard;
	}

	record Order(int id, String item) {
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
		void bytes(CpgDeliverEvent<byte[]> event) {
			this.heard.add("bytes %s of %s from %s".formatted(new String(event.getPayload(), StandardCharsets.UTF_8),
					event.getTypeName(), event.getSender()));
		}

	}

}
