package dev.cpg.boot.autoconfigure;

import java.util.Objects;
import java.util.function.Consumer;

import dev.cpg.boot.autoconfigure.endpoint.CpgEndpointAutoConfiguration;
import dev.cpg.boot.autoconfigure.health.CpgHealthContributorAutoConfiguration;
import dev.cpg.boot.autoconfigure.metrics.CpgMetricsAutoConfiguration;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgTemplate;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A context with everything that there is, whose parent has the membership and nothing
 * else.
 */
@Timeout(60)
class CpgChildContextTests {

	private final ApplicationContextRunner parent = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withBean(ServiceNode.class)
		.withPropertyValues("cpg.group=orders");

	private final ApplicationContextRunner child = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgMetricsAutoConfiguration.class,
				CpgHealthContributorAutoConfiguration.class, CpgEndpointAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("cpg.group=orders", "management.endpoints.web.exposure.include=cpg");

	@Test
	void hasTheMembershipOfItsParentWhichOutlivesIt() {
		this.parent.run((parent) -> {
			this.child.withParent(parent)
				.run((child) -> assertThat(child.getBean(CpgTemplate.class))
					.isSameAs(parent.getBean(CpgTemplate.class)));
			assertThat(parent.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
		});
	}

	@Test
	void itsHealthIsThatOfItsParentsMembership() {
		run((child) -> {
			Health health = Objects
				.requireNonNull(child.getBean("cpgHealthContributor", HealthIndicator.class).health());
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("group", "orders");
		});
	}

	@Test
	void itsGaugesShowItsParentsGroupAndItsCountersOnlyWhatTheyAreNotifiedOf() {
		run((child) -> {
			MeterRegistry registry = child.getBean(MeterRegistry.class);
			assertThat(registry.get("cpg.connected").tag("group", "orders").gauge().value()).isEqualTo(1);
			assertThat(registry.find("cpg.messages.sent").counters()).isEmpty();
		});
	}

	@Test
	void hasNoEndpointSinceItsObserversAreNotNotified() {
		run((child) -> assertThat(child).doesNotHaveBean("cpgEndpoint").doesNotHaveBean("cpgActivity"));
	}

	private void run(Consumer<AssertableApplicationContext> check) {
		this.parent.run((parent) -> this.child.withParent(parent).run((child) -> {
			assertThat(child).hasNotFailed();
			check.accept(child);
		}));
	}

}
