package dev.cpg.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.fixture.BusyListener;
import dev.cpg.fixture.ScriptedQuorum;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgObserver;
import dev.cpg.spring.CpgOperations;
import dev.cpg.test.TestMember;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AutoClose;
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

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("cpg.group=orders", "cpg.reconnect.initial-interval=1ms");

	private final ApplicationContextRunner runner = this.bare.withInitializer(this.node::register);

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
						"cpg.delivery.queue.bytes", "cpg.delivery.reassembly.bytes", "cpg.delivery.lag", "cpg.quorate",
						"cpg.batching", "cpg.batching.unable", "cpg.batches", "cpg.batches.messages",
						"cpg.batches.stale");
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
			this.node.join("orders");
			await().untilAsserted(() -> assertThat(gauge(context, "cpg.group.members")).isEqualTo(2));
			assertThat(gauge(context, "cpg.ring.nodes")).isEqualTo(2);
			assertThat(gauge(context, "cpg.ring.seq"))
				.isEqualTo((double) this.node.connection().view().ring().sequence());
			assertThat(gauge(context, "cpg.connected")).isEqualTo(1);
		});
	}

	@Test
	void gaugesShowWhatWaitsForTheListeners() {
		BusyListener busy = new BusyListener();
		this.runner.withBean(BusyListener.class, () -> busy).run((context) -> {
			context.getBean(CpgOperations.class).multicast(new byte[1000]).join();
			await().untilAsserted(
					() -> assertThat(registry(context).get("cpg.delivery.lag").timeGauge().value(TimeUnit.MILLISECONDS))
						.isBetween(10.0, 60_000.0));
			assertThat(gauge(context, "cpg.delivery.queue.bytes")).isBetween(1000.0, 2000.0);
			busy.release();
			await().untilAsserted(() -> assertThat(gauge(context, "cpg.delivery.queue.bytes")).isZero());
			assertThat(registry(context).get("cpg.delivery.lag").timeGauge().value(TimeUnit.SECONDS)).isZero();
		});
	}

	@Test
	void gaugesShowWhatWaitsForItsLastFragment() {
		this.runner.run((context) -> {
			TestMember other = this.node.join("orders");
			EmbeddedNode sender = this.node.cluster().embedded().node(2);
			// Its daemon takes the first fragments of a message, unless it is too fast.
			await().until(() -> {
				sender.acceptMulticasts();
				var sent = CompletableFuture.runAsync(() -> other.send(new byte[ServiceNode.MAX_MESSAGE_SIZE]));
				while (gauge(context, "cpg.delivery.reassembly.bytes") == 0 && !sent.isDone()) {
					Thread.onSpinWait();
				}
				sender.refuseMulticasts();
				return gauge(context, "cpg.delivery.reassembly.bytes") > 0;
			});
			sender.acceptMulticasts();
			await().until(() -> gauge(context, "cpg.delivery.reassembly.bytes") == 0);
		});
	}

	@Test
	void theQuorumIsOneOrZeroIfItIsKnown() {
		this.runner.run((context) -> {
			await().untilAsserted(() -> assertThat(gauge(context, "cpg.quorate")).isOne());
			this.node.daemon().setQuorate(false);
			await().untilAsserted(() -> assertThat(gauge(context, "cpg.quorate")).isZero());
			this.node.daemon().kill();
			await().untilAsserted(() -> assertThat(gauge(context, "cpg.quorate")).isNaN());
		});
	}

	@Test
	void aClusterWithoutAQuorumProviderIsNotShownAsOneThatHasLostItsQuorum() {
		ScriptedQuorum quorum = new ScriptedQuorum(this.node);
		this.bare.withBean(ScriptedQuorum.class, () -> quorum).run((context) -> {
			CpgGroup group = context.getBean(CpgGroup.class);
			await().until(() -> group.getRingNodeIds().equals(List.of(1L, 2L)));
			quorum.connection().report(new CpgQuorum(false, true, group.getRing(), List.of(1L, 2L)));
			assertThat(group.getQuorum()).isEqualTo(CpgQuorumState.NO_PROVIDER);
			assertThat(gauge(context, "cpg.quorate")).isNaN();
		});
	}

	@Test
	void gaugesShowNothingWithoutAConnection() {
		this.node.daemon().kill();
		this.runner.run((context) -> assertThat(List.of("cpg.group.members", "cpg.ring.nodes", "cpg.ring.seq",
				"cpg.connected", "cpg.delivery.queue.bytes", "cpg.delivery.lag"))
			.allSatisfy((name) -> assertThat(gauge(context, name)).isZero()));
	}

	@Test
	void countsChangesByReason() {
		this.runner.run((context) -> {
			this.node.join("orders").kill();
			await().untilAsserted(
					() -> assertThat(counter(context, "cpg.configuration.changes", "reason", "procdown")).isEqualTo(1));
			assertThat(counter(context, "cpg.configuration.changes", "reason", "join")).isEqualTo(2);
			assertThat(counter(context, "cpg.configuration.changes", "reason", "nodedown")).isZero();
		});
	}

	@Test
	void countsAndTimesMessages() {
		this.runner.run((context) -> {
			context.getBean(CpgOperations.class).multicast("hello").join();
			await().untilAsserted(
					() -> assertThat(counter(context, "cpg.messages.sent", "outcome", "delivered")).isEqualTo(1));
			await().untilAsserted(() -> assertThat(registry(context).get("cpg.send").timer().count()).isEqualTo(1));
			await().untilAsserted(() -> assertThat(counter(context, "cpg.messages.delivered")).isEqualTo(1));
			assertThat(registry(context).get("cpg.messages.size").summary().totalAmount()).isEqualTo(5);
		});
	}

	@Test
	void countsMessagesThatWereNotDelivered() {
		this.runner.run((context) -> {
			CpgOperations template = context.getBean(CpgOperations.class);
			this.node.daemon().dropNext();
			assertThat(template.multicast("lost")).failsWithin(Duration.ofSeconds(10));
			this.node.daemon().kill();
			await().untilAsserted(() -> assertThat(template.multicast("rejected")).isCompletedExceptionally());
			await()
				.untilAsserted(() -> assertThat(counter(context, "cpg.messages.sent", "outcome", "lost")).isEqualTo(1));
			assertThat(counter(context, "cpg.messages.sent", "outcome", "rejected")).isPositive();
			assertThat(registry(context).get("cpg.send").timer().count()).isZero();
		});
	}

	@Test
	void countsDroppedMessagesOfAllConnections() {
		this.runner.run((context) -> {
			sendTooLarge(1);
			await().untilAsserted(() -> assertThat(dropped(context)).isEqualTo(1));
			this.node.restart();
			await().untilAsserted(() -> assertThat(counter(context, "cpg.reconnects")).isEqualTo(1));
			assertThat(dropped(context)).isEqualTo(1);
			sendTooLarge(2);
			await().untilAsserted(() -> assertThat(dropped(context)).isEqualTo(3));
			context.getBean(CpgMembership.class).stop();
			assertThat(dropped(context)).isEqualTo(3);
		});
	}

	/** So large that the service does not take it. */
	private void sendTooLarge(int times) {
		TestMember other = this.node.join("orders");
		for (int i = 0; i < times; i++) {
			other.send(new byte[ServiceNode.MAX_MESSAGE_SIZE + 1]).join();
		}
	}

	private static double dropped(ApplicationContext context) {
		return registry(context).get("cpg.messages.dropped").functionCounter().count();
	}

	@Test
	void countsReconnects() {
		this.runner.run((context) -> {
			this.node.restart();
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
			.withInitializer(this.node::register)
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
			.withInitializer(this.node::register)
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
						"cpg.messages.dropped in null", "cpg.batches in batches", "cpg.batches.messages in messages",
						"cpg.batches.stale in null", "cpg.configuration.changes in changes",
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
