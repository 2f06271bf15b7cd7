package dev.cpg.boot.autoconfigure.metrics;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CsError;
import dev.cpg.fake.FakeConnection;
import dev.cpg.fake.FakeConnector;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgObserver;
import dev.cpg.spring.CpgOperations;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CpgMetricsAutoConfigurationTests {

	private final FakeConnector connector = new FakeConnector();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class))
		.withBean(CpgConnector.class, () -> this.connector)
		.withPropertyValues("cpg.group=orders", "cpg.reconnect.initial-interval=1ms");

	@Test
	void everyMeterIsThereFromTheStartTaggedWithTheGroupAndDescribed() {
		this.runner.run((context) -> {
			List<Meter.Id> meters = registry(context).getMeters()
				.stream()
				.map(Meter::getId)
				.filter((id) -> id.getName().startsWith("cpg."))
				.toList();
			assertThat(meters).extracting(Meter.Id::getName)
				.contains("cpg.group.members", "cpg.ring.nodes", "cpg.ring.seq", "cpg.connected", "cpg.messages.sent",
						"cpg.messages.delivered", "cpg.messages.size", "cpg.messages.unconverted",
						"cpg.messages.dropped", "cpg.send", "cpg.configuration.changes", "cpg.reconnects",
						"cpg.delivery.queue.bytes", "cpg.delivery.reassembly.bytes", "cpg.delivery.lag", "cpg.quorate");
			assertThat(meters).allSatisfy((id) -> {
				assertThat(id.getTag("group")).isEqualTo("orders");
				assertThat(id.getDescription()).isNotBlank();
			});
		});
	}

	@Test
	void theApplicationsOwnMetersReplaceThese() {
		this.runner.withBean("cpgGroupMetrics", MeterBinder.class, () -> (registry) -> {
		}).withBean("cpgActivityMetrics", CpgObserver.class, () -> new CpgObserver() {
		})
			.run((context) -> assertThat(registry(context).getMeters()).extracting((meter) -> meter.getId().getName())
				.noneMatch((name) -> name.startsWith("cpg.")));
	}

	@Test
	void gaugesShowTheGroup() {
		this.runner.run((context) -> {
			this.connector.connection().joined(new CpgAddress(2, 200), CpgReason.NODEUP);
			await().untilAsserted(() -> assertThat(gauge(context, "cpg.group.members")).isEqualTo(2));
			assertThat(gauge(context, "cpg.ring.nodes")).isEqualTo(1);
			assertThat(gauge(context, "cpg.ring.seq")).isEqualTo(47);
			assertThat(gauge(context, "cpg.connected")).isEqualTo(1);
			assertThat(gauge(context, "cpg.delivery.queue.bytes")).isEqualTo(1234);
			assertThat(gauge(context, "cpg.delivery.reassembly.bytes")).isEqualTo(567);
			assertThat(registry(context).get("cpg.delivery.lag").timeGauge().value(TimeUnit.SECONDS)).isEqualTo(1.5);
		});
	}

	@Test
	void theQuorumIsOneOrZeroIfItIsKnown() {
		this.connector.refuseQuorum(null);
		this.runner.run((context) -> {
			assertThat(gauge(context, "cpg.quorate")).isNaN();
			this.connector.quorum().report(FakeConnection.RING, true, 1L);
			assertThat(gauge(context, "cpg.quorate")).isOne();
			this.connector.quorum().report(FakeConnection.RING, false, 1L);
			assertThat(gauge(context, "cpg.quorate")).isZero();
			this.connector.quorum().report(new CpgQuorum(false, true, FakeConnection.RING, List.of(1L)));
			assertThat(gauge(context, "cpg.quorate")).isNaN();
		});
	}

	@Test
	void gaugesShowNothingWithoutAConnection() {
		this.connector.refuse(Reason.NOT_RUNNING);
		this.runner.run((context) -> assertThat(List.of("cpg.group.members", "cpg.ring.nodes", "cpg.ring.seq",
				"cpg.connected", "cpg.delivery.queue.bytes", "cpg.delivery.lag"))
			.allSatisfy((name) -> assertThat(gauge(context, name)).isZero()));
	}

	@Test
	void countsChangesByReason() {
		this.runner.run((context) -> {
			this.connector.connection().joined(new CpgAddress(2, 200), CpgReason.JOIN);
			this.connector.connection().left(new CpgAddress(2, 200), CpgReason.PROCDOWN);
			await().untilAsserted(
					() -> assertThat(counter(context, "cpg.configuration.changes", "reason", "procdown")).isEqualTo(1));
			assertThat(counter(context, "cpg.configuration.changes", "reason", "join")).isEqualTo(2);
			assertThat(counter(context, "cpg.configuration.changes", "reason", "nodedown")).isZero();
		});
	}

	@Test
	void countsAndTimesMessages() {
		this.runner.run((context) -> {
			FakeConnection connection = this.connector.connection();
			var unused = context.getBean(CpgOperations.class).multicast("hello");
			connection.send().complete(connection.view());
			assertThat(counter(context, "cpg.messages.sent", "outcome", "delivered")).isEqualTo(1);
			assertThat(registry(context).get("cpg.send").timer().count()).isEqualTo(1);
			await().untilAsserted(() -> assertThat(counter(context, "cpg.messages.delivered")).isEqualTo(1));
			assertThat(registry(context).get("cpg.messages.size").summary().totalAmount()).isEqualTo(5);
		});
	}

	@Test
	void countsMessagesThatWereNotDelivered() {
		this.runner.run((context) -> {
			CpgOperations template = context.getBean(CpgOperations.class);
			var lost = template.multicast("lost");
			this.connector.connection()
				.send()
				.completeExceptionally(
						new CpgSendException(CpgSendException.Outcome.LOST, CsError.FAILED_OPERATION, "Dropped", null));
			assertThat(lost).isCompletedExceptionally();
			this.connector.refuse(Reason.NOT_RUNNING);
			this.connector.connection().lose("The daemon died");
			await().untilAsserted(() -> assertThat(template.multicast("rejected")).isCompletedExceptionally());
			assertThat(counter(context, "cpg.messages.sent", "outcome", "lost")).isEqualTo(1);
			assertThat(counter(context, "cpg.messages.sent", "outcome", "rejected")).isPositive();
			assertThat(registry(context).get("cpg.send").timer().count()).isZero();
		});
	}

	@Test
	void countsDroppedMessagesOfAllConnections() {
		this.runner.run((context) -> {
			FakeConnection first = this.connector.connection();
			first.drop();
			assertThat(dropped(context)).isEqualTo(1);
			first.lose("The daemon died");
			await().untilAsserted(() -> assertThat(counter(context, "cpg.reconnects")).isEqualTo(1));
			assertThat(dropped(context)).isEqualTo(1);
			FakeConnection second = this.connector.connection();
			assertThat(second).isNotSameAs(first);
			second.drop();
			second.drop();
			assertThat(dropped(context)).isEqualTo(3);
			context.getBean(CpgMembership.class).stop();
			assertThat(dropped(context)).isEqualTo(3);
		});
	}

	private static double dropped(ApplicationContext context) {
		return registry(context).get("cpg.messages.dropped").functionCounter().count();
	}

	@Test
	void countsReconnects() {
		this.runner.run((context) -> {
			this.connector.connection().lose("The daemon died");
			await().untilAsserted(() -> assertThat(counter(context, "cpg.reconnects")).isEqualTo(1));
			assertThat(registry(context).get("cpg.reconnects").counter().getId().getBaseUnit()).isEqualTo("reconnects");
		});
	}

	@Test
	void everyMeterIsThereWhenBeansAreMadeLazily() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				await().untilAsserted(
						() -> assertThat(counter(context, "cpg.configuration.changes", "reason", "join")).isEqualTo(1));
				assertThat(gauge(context, "cpg.group.members")).isEqualTo(1);
				assertThat(gauge(context, "cpg.connected")).isEqualTo(1);
			});
	}

	@Test
	void backsOffWithoutARegistry() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgMetricsAutoConfiguration.class))
			.withBean(CpgConnector.class, () -> this.connector)
			.withPropertyValues("cpg.group=orders")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CpgMetricsObserver.class));
	}

	@Test
	void backsOffWithoutAMembership() {
		this.runner.withPropertyValues("cpg.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CpgMetricsObserver.class));
	}

	@Test
	void twoRegistriesShowTheSame() {
		this.runner.withBean("first", MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("second", MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(List.of("first", "second")).allSatisfy((name) -> assertThat(
					context.getBean(name, MeterRegistry.class).get("cpg.group.members").gauge().value())
				.isEqualTo(1)));
	}

	@Test
	void metersEndWithTheirContextWhereTheRegistryOutlivesIt() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		ApplicationContextRunner runner = runner(registry);
		for (int i = 0; i < 2; i++) {
			runner.run((context) -> {
				context.getBean(CpgGroupMetrics.class).bindTo(registry);
				assertThat(gauge(context, "cpg.connected")).isEqualTo(1);
				assertThat(gauge(context, "cpg.delivery.queue.bytes")).isEqualTo(1234);
				await().untilAsserted(
						() -> assertThat(counter(context, "cpg.configuration.changes", "reason", "join")).isEqualTo(1));
			});
		}
		assertThat(registry.getMeters()).isEmpty();
	}

	@Test
	void aContextThatClosesLeavesTheMetersOfAnother() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		ApplicationContextRunner runner = runner(registry);
		runner.run((context) -> {
			context.getBean(CpgGroupMetrics.class).bindTo(registry);
			List<Meter> meters = registry.getMeters();
			runner.run((another) -> another.getBean(CpgGroupMetrics.class).bindTo(registry));
			assertThat(registry.getMeters()).hasSameSizeAs(meters).containsAll(meters);
			assertThat(gauge(context, "cpg.connected")).isEqualTo(1);
		});
	}

	private ApplicationContextRunner runner(MeterRegistry registry) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgMetricsAutoConfiguration.class))
			.withBean(CpgConnector.class, () -> this.connector)
			.withInitializer((context) -> context.getBeanFactory().registerSingleton("registry", registry))
			.withPropertyValues("cpg.group=orders");
	}

	/**
	 * Gauges may have no unit: a state has none, nor has a sequence number. Nor have the
	 * counters of messages: Prometheus would be given the word twice.
	 */
	@Test
	void everyMeterIsDescribedAndWhatCountsOrAddsUpSaysWhat() {
		this.runner.withPropertyValues("cpg.groups.audit.group=audit-log").run((context) -> {
			List<Meter> meters = registry(context).getMeters()
				.stream()
				.filter((meter) -> meter.getId().getName().startsWith("cpg."))
				.toList();
			assertThat(meters)
				.allSatisfy((meter) -> assertThat(meter.getId().getDescription()).as(meter.getId().getName())
					.matches("[A-Z0-9].*[^.]"));
			assertThat(meters)
				.filteredOn((meter) -> meter instanceof Counter || meter instanceof FunctionCounter
						|| meter instanceof DistributionSummary)
				.extracting((meter) -> meter.getId().getName() + " in " + meter.getId().getBaseUnit())
				.containsOnly("cpg.messages.sent in null", "cpg.messages.delivered in null",
						"cpg.messages.size in bytes", "cpg.messages.unconverted in null",
						"cpg.messages.dropped in null", "cpg.configuration.changes in changes",
						"cpg.reconnects in reconnects");
			assertThat(meters).filteredOn((meter) -> meter instanceof Timer || meter instanceof TimeGauge)
				.extracting((meter) -> meter.getId().getName() + " in " + meter.getId().getBaseUnit())
				.containsOnly("cpg.send in seconds", "cpg.delivery.lag in seconds");
		});
	}

	private static MeterRegistry registry(ApplicationContext context) {
		return context.getBean(MeterRegistry.class);
	}

	private static double gauge(ApplicationContext context, String name) {
		return registry(context).get(name).gauge().value();
	}

	private static double counter(ApplicationContext context, String name, String... tags) {
		return registry(context).get(name).tags(tags).counter().count();
	}

}
