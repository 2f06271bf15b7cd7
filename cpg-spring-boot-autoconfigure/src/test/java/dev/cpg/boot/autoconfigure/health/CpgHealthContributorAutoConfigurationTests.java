package dev.cpg.boot.autoconfigure.health;

import java.util.List;
import java.util.Objects;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnectException.Reason;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgReason;
import dev.cpg.fake.FakeConnector;
import dev.cpg.spring.CpgGroup;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

class CpgHealthContributorAutoConfigurationTests {

	private final FakeConnector connector = new FakeConnector();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(CpgAutoConfiguration.class, CpgHealthContributorAutoConfiguration.class))
		.withBean(CpgConnector.class, () -> this.connector)
		.withPropertyValues("cpg.group=orders", "cpg.reconnect.initial-interval=1h", "cpg.reconnect.max-interval=1h");

	@Test
	void upWithTheMembersWhileJoined() {
		this.runner.run((context) -> {
			this.connector.connection().joined(new CpgAddress(2, 200), CpgReason.JOIN);
			await().until(() -> context.getBean(CpgGroup.class).getMembers().size() == 2);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsExactly(entry("group", "orders"), entry("connected", true),
					entry("joined", true), entry("synchronizing", false), entry("deliveryStalled", false),
					entry("deliveryLag", "1500ms"), entry("member", "1/100"), entry("ring", "1.2f"),
					entry("members", List.of("1/100", "2/200")), entry("suspects", List.of("2/200")));
		});
	}

	@Test
	void downWithTheReasonWhenThereIsNoDaemon() {
		this.connector.refuse(Reason.NOT_RUNNING);
		this.runner.run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsExactly(entry("group", "orders"),
					entry("reason", "There is no daemon here (CS_ERR_LIBRARY)"), entry("connected", false),
					entry("joined", false), entry("synchronizing", false), entry("deliveryStalled", false),
					entry("deliveryLag", "0ms"));
		});
	}

	@Test
	void downWithTheReasonWhenTheConnectionWasLost() {
		this.runner.run((context) -> {
			this.connector.connection().lose("The daemon died");
			await().untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("reason",
					"The daemon died (CS_ERR_LIBRARY)"));
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void downWhileTheJoinIsNotAgreed() {
		this.connector.hangJoins();
		this.runner.withPropertyValues("cpg.join-timeout=100ms").run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsKey("reason");
		});
	}

	@Test
	void canBeDisabled() {
		this.runner.withPropertyValues("management.health.cpg.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthContributor.class));
	}

	@Test
	void backsOffWithoutAMembership() {
		this.runner.withPropertyValues("cpg.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
	}

	private static Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean("cpgHealthContributor", HealthIndicator.class).health());
	}

}
