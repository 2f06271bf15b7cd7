package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgReason;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@CorosyncTest(nodes = 2)
@Timeout(60)
class CpgAdditionalGroupsOnCorosyncTests {

	@Test
	void aServiceIsInSeveralGroupsAndEachGetsItsOwnMessages(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), 11)) {
			Groups groups = one.getBean(Groups.class);
			try (ConfigurableApplicationContext two = start(cluster.node(2), 22)) {
				await().untilAsserted(() -> assertThat(List.of(groups.orders, groups.audit))
					.allSatisfy((group) -> assertThat(group.getMembers()).hasSize(2)));
				Groups others = two.getBean(Groups.class);
				assertThat(others.ordersTemplate.multicast("to orders")).succeedsWithin(Duration.ofSeconds(10));
				assertThat(others.auditTemplate.multicast("to audit")).succeedsWithin(Duration.ofSeconds(10));
				assertThat(groups.auditTemplate.multicast("back")).succeedsWithin(Duration.ofSeconds(10));
				await().untilAsserted(
						() -> assertThat(groups.messages).containsExactlyInAnyOrder("additional-orders 2/22 to orders",
								"additional-audit 2/22 to audit", "additional-audit 1/11 back"));
			}
			await().untilAsserted(() -> assertThat(groups.left)
				.containsExactlyInAnyOrder("additional-orders [2/22 LEAVE]", "additional-audit [2/22 LEAVE]"));
		}
	}

	@Test
	void anErrorNamesThePropertyOfTheGroup(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext service = start(cluster.node(1), 11)) {
			Groups groups = service.getBean(Groups.class);
			assertThat(groups.ordersTemplate.multicast(new byte[2000])).succeedsWithin(Duration.ofSeconds(10));
			assertThat(groups.auditTemplate.multicast(new byte[2000])).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(CorosyncException.class,
						(ex) -> assertThat(ex.setting()).isEqualTo(CorosyncSetting.MAX_MESSAGE_SIZE))
				.withMessageContaining("limit of 1000 bytes (cpg.groups.audit.max-message-size)");
		}
	}

	private static ConfigurableApplicationContext start(CorosyncNode node, int memberId) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("cpg.corosync.socket-directory=" + node.socketDirectory(), "cpg.member-id=" + memberId,
					"cpg.group=additional-orders", "cpg.groups.audit.group=additional-audit",
					"cpg.groups.audit.max-message-size=1000B", "spring.main.banner-mode=off")
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Groups groups(CpgGroup orders, @Qualifier("audit") CpgGroup audit, CpgTemplate ordersTemplate,
				@Qualifier("audit") CpgTemplate auditTemplate) {
			return new Groups(orders, audit, ordersTemplate, auditTemplate);
		}

	}

	static class Groups {

		private final List<String> messages = new CopyOnWriteArrayList<>();

		private final List<String> left = new CopyOnWriteArrayList<>();

		private final CpgGroup orders;

		private final CpgGroup audit;

		private final CpgTemplate ordersTemplate;

		private final CpgTemplate auditTemplate;

		Groups(CpgGroup orders, CpgGroup audit, CpgTemplate ordersTemplate, CpgTemplate auditTemplate) {
			this.orders = orders;
			this.audit = audit;
			this.ordersTemplate = ordersTemplate;
			this.auditTemplate = auditTemplate;
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.messages.add("%s %s %s".formatted(event.getGroup(), event.getSender(),
					new String(event.getPayload(), StandardCharsets.UTF_8)));
		}

		@EventListener
		void on(CpgConfigurationChangeEvent event) {
			if (event.getLeft().stream().anyMatch((member) -> member.reason() == CpgReason.LEAVE)) {
				this.left.add(event.getGroup() + " " + event.getLeft());
			}
		}

	}

}
