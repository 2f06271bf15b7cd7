package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.boot.autoconfigure.endpoint.CpgEndpointAutoConfiguration;
import dev.cpg.boot.autoconfigure.health.CpgHealthContributorAutoConfiguration;
import dev.cpg.boot.autoconfigure.metrics.CpgMetricsAutoConfiguration;
import dev.cpg.boot.autoconfigure.scanned.Shipment;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageTypes;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The beans and settings of several groups in one service; that their members really are
 * in several groups, {@link CpgAdditionalGroupsOnCorosyncTests} shows.
 */
@Timeout(60)
class CpgAdditionalGroupsTests {

	private static final CpgConnector NOWHERE = (listener) -> {
		throw new IllegalStateException("Nobody starts this membership");
	};

	private static final CpgMembership ELSEWHERE = CpgMembership.builder(
			NOWHERE, CpgGroupName.of("elsewhere"), new CpgMembershipSettings(false, Duration.ofSeconds(1),
					Duration.ofSeconds(1), new FixedBackOff(), Duration.ofSeconds(1), Duration.ofSeconds(1)),
			(event) -> {
			})
		.build();

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private static final String[] PROPERTIES = { "cpg.group=orders", "cpg.join-timeout=3s",
			"cpg.template.send-timeout=4s", "cpg.groups.audit.group=audit-log", "cpg.groups.audit.join-timeout=5s",
			"cpg.groups.price-list.template.wait=false" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgMetricsAutoConfiguration.class,
				CpgHealthContributorAutoConfiguration.class, CpgEndpointAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class))
		.withBean(ServiceNode.class)
		.withBean(Groups.class)
		.withPropertyValues("management.endpoints.web.exposure.include=cpg")
		.withPropertyValues(PROPERTIES);

	@Test
	void eachIsInjectedByItsKeyAndTheFirstWithoutOne() {
		this.runner.run((context) -> {
			Groups groups = context.getBean(Groups.class);
			assertThat(groups.first.getName()).isEqualTo("orders");
			assertThat(groups.audit.getName()).isEqualTo("audit-log");
			assertThat(groups.prices.getName()).isEqualTo("price-list");
			assertThat(List.of(groups.first, groups.audit, groups.prices))
				.allMatch((group) -> group.getState() == State.JOINED);
			assertThat(context.getBean(ServiceNode.class).connections()).hasSize(3);
			assertThat(context.getBean(CpgTemplate.class)).isSameAs(groups.firstTemplate);
			assertThat(context.getBean(CpgMembership.class).getGroup()).isSameAs(groups.first);
		});
	}

	@Test
	void allAreJoinedAtTheSameTimeSoThatTheirTimeLimitsDoNotAddUp() {
		this.node.pauseAtJoin();
		CompletableFuture<Void> run = CompletableFuture.runAsync(() -> new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
			.withInitializer(this.node::register)
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("cpg.join-timeout=30s", "cpg.groups.audit.join-timeout=30s")
			.run((context) -> assertThat(context.getBeansOfType(CpgMembership.class).values())
				.allMatch((membership) -> membership.getGroup().getState() == State.JOINED)));
		await().until(() -> this.node.attempts() == 3);
		this.node.daemon().resume();
		assertThat(run).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void aTimeoutOfAnAdditionalGroupIsNamedByItsOwnProperty(CapturedOutput output) {
		this.node.pauseAtJoin();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
			.withInitializer(this.node::register)
			.withPropertyValues("cpg.group=orders", "cpg.join-timeout=50ms", "cpg.groups.audit.join-timeout=60ms")
			.run((context) -> {
				assertThat(output).contains("'orders' takes longer than 50 ms (cpg.join-timeout)")
					.contains("'audit' takes longer than 60 ms (cpg.groups.audit.join-timeout)");
				this.node.daemon().resume();
			});
	}

	@Test
	void allAreLeftAtTheSameTimeSoThatTheirTimeLimitsDoNotAddUp() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
			.withInitializer(this.node::register)
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("cpg.leave-timeout=30s")
			.run((context) -> {
				Queue<String> leaving = new ConcurrentLinkedQueue<>();
				this.node.beforeEach((step) -> {
					if (step.equals("leave")) {
						leaving.add(step);
					}
				});
				this.node.daemon().pause();
				CompletableFuture<Void> close = CompletableFuture
					.runAsync(context.getSourceApplicationContext()::close);
				await().until(() -> leaving.size() == 3);
				assertThat(this.node.leaves()).isZero();
				this.node.daemon().resume();
				assertThat(close).succeedsWithin(Duration.ofSeconds(10));
				assertThat(this.node.leaves()).isEqualTo(3);
				assertThat(this.node.connections()).hasSize(3).noneMatch(CpgConnection::isOpen);
			});
	}

	@Test
	void aListenerOfAnyMayHaveAllLeft() {
		this.runner.withBean(Leaving.class).withPropertyValues("cpg.leave-timeout=30s").run((context) -> {
			var unused = context.getBean(Groups.class).auditTemplate.multicast("leave");
			await().untilAsserted(() -> assertThat(context.getBean(ServiceNode.class).connections()).hasSize(3)
				.noneMatch(CpgConnection::isOpen));
			assertThat(context.getBean(ServiceNode.class).leaves()).isEqualTo(3);
			await().until(() -> context.getBean(Leaving.class).returned);
		});
	}

	@Test
	void eachSendsOnItsOwnConnectionAndEventsSayWhichGroup() {
		this.runner.run((context) -> {
			Groups groups = context.getBean(Groups.class);
			var unused = List.of(groups.firstTemplate.multicast("a"), groups.auditTemplate.multicast("b"));
			await().untilAsserted(() -> assertThat(groups.heard).containsExactlyInAnyOrder("orders a", "audit-log b"));
		});
	}

	@Test
	void eachTakesTheSettingsThatItDoesNotSetFromTheFirst() {
		this.runner.run((context) -> {
			var settings = AdditionalGroups.bind(context.getEnvironment());
			assertThat(settings).containsOnlyKeys("audit", "price-list");
			CpgGroupProperties audit = Objects.requireNonNull(settings.get("audit"));
			assertThat(audit.getJoinTimeout()).isEqualTo(Duration.ofSeconds(5));
			assertThat(audit.getTemplate().getSendTimeout()).isEqualTo(Duration.ofSeconds(4));
			assertThat(audit.getTemplate().isWait()).isTrue();
			CpgGroupProperties prices = Objects.requireNonNull(settings.get("price-list"));
			assertThat(prices.getJoinTimeout()).isEqualTo(Duration.ofSeconds(3));
			assertThat(prices.getGroup()).as("the first group's name").isNull();
			assertThat(prices.getTemplate().isWait()).isFalse();
		});
	}

	@Test
	void eachHasItsHealthItsMetersAndItsPlaceInTheEndpoint() {
		this.runner.run((context) -> {
			CompositeHealthContributor health = context.getBean("cpgHealthContributor",
					CompositeHealthContributor.class);
			assertThat(health.stream()).extracting((entry) -> entry.name())
				.containsExactlyInAnyOrder("orders", "audit-log", "price-list");
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			for (String group : List.of("orders", "audit-log", "price-list")) {
				assertThat(meters.get("cpg.group.members").tag("group", group).gauge().value()).isEqualTo(1);
				assertThat(meters.get("cpg.messages.sent").tag("group", group).counters()).hasSize(4);
			}
			context.getBean(Groups.class).auditTemplate.multicast("x").join();
			await().untilAsserted(() -> assertThat(meters.get("cpg.messages.sent")
				.tags("group", "audit-log", "outcome", "delivered")
				.counter()
				.count()).isEqualTo(1));
			assertThat(meters.get("cpg.messages.sent").tags("group", "orders", "outcome", "delivered").counter())
				.satisfies((counter) -> assertThat(counter.count()).isZero());
			membership(context, "audit-log").stop();
			assertThat(health.stream()).allSatisfy((entry) -> assertThat(status(entry))
				.isEqualTo(entry.name().equals("audit-log") ? Status.DOWN : Status.UP));
			context.getBean(ServiceNode.class).restart();
			await().untilAsserted(() -> assertThat(List.of("orders", "price-list"))
				.allSatisfy((group) -> assertThat(meters.get("cpg.reconnects").tag("group", group).counter().count())
					.isEqualTo(1)));
			assertThat(meters.get("cpg.reconnects").tag("group", "audit-log").counter().count()).isZero();
		});
	}

	private static CpgMembership membership(ApplicationContext context, String group) {
		return context.getBeansOfType(CpgMembership.class)
			.values()
			.stream()
			.filter((membership) -> membership.getGroup().getName().equals(group))
			.findFirst()
			.orElseThrow();
	}

	private static @Nullable Status status(HealthContributors.Entry entry) {
		Health health = ((HealthIndicator) entry.contributor()).health();
		return (health != null) ? health.getStatus() : null;
	}

	@Test
	void twoSettingsOfOneGroupAreRefused() {
		assertThatGroupIsRefused("cpg.groups.audit.group", "cpg.group has the same name: a service is in a group once.",
				"cpg.groups.audit.group=orders");
		assertThatGroupIsRefused("cpg.groups.price-list.group",
				"cpg.groups.audit.group has the same name: a service is in a group once.",
				"cpg.groups.price-list.group=audit-log");
		assertThatGroupIsRefused("cpg.groups.audit.group",
				"spring.application.name has the same name: a service is in a group once.", "cpg.group=",
				"spring.application.name=shop", "cpg.groups.audit.group=shop");
	}

	@Test
	void aNameThatIsTheKeyIsNotRefusedAsIfItHadBeenSet() {
		assertThatGroupIsRefused("cpg.groups.price-list.group", "cpg.group has the same name: a service is in a group "
				+ "once. This one is not set, so the group is named like its key.", "cpg.group=price-list");
		assertThatGroupIsRefused("cpg.groups.last.group", "cpg.groups.price-list has the same name",
				"cpg.groups.last.group=price-list");
		String key = "x".repeat(129);
		this.runner.withPropertyValues("cpg.groups." + key + ".fail-fast=false")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("128 bytes")
				.hasMessageEndingWith("This one is not set, so the group is named like its key."));
	}

	@Test
	void namesThatMetersOrHealthCannotDistinguishAreRefused() {
		assertThatGroupIsRefused("cpg.groups.audit.group",
				"cpg.group has the same name but for the NUL at its end, which meters and health do not show.",
				"cpg.groups.audit.group=orders", "cpg.groups.audit.group-name-terminated=true");
		assertThatGroupIsRefused("cpg.groups.audit.group",
				"cpg.group is 'a/b', and health and endpoint show a slash as a hyphen: both would be 'a-b'.",
				"cpg.group=a/b", "cpg.groups.audit.group=a-b");
		this.runner.withPropertyValues("cpg.groups.a-b.join-timeout=1s", "cpg.groups[a/b].join-timeout=1s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("both would be 'a-b'")
				.hasMessageContaining("cpg.groups[a/b].group"));
	}

	private void assertThatGroupIsRefused(String property, String reason, String... properties) {
		this.runner.withPropertyValues(properties)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo(property);
					assertThat(ex.getReason()).startsWith(reason);
				}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "alerts: {}", "alerts:", "alerts: {reconnect: }" })
	void aKeyAloneMakesAGroupThatInheritsAll(String yaml) throws IOException {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("yaml",
				new ByteArrayResource("cpg: {groups: {%s}}".formatted(yaml).getBytes(StandardCharsets.UTF_8)));
		this.runner
			.withInitializer((context) -> sources.forEach(context.getEnvironment().getPropertySources()::addLast))
			.run((context) -> {
				assertThat(context.getBean("alertsCpgGroup", CpgGroup.class).getState()).isEqualTo(State.JOINED);
				assertThat(context.getBean("alertsCpgGroup", CpgGroup.class).getName()).isEqualTo("alerts");
				CpgGroupProperties alerts = Objects
					.requireNonNull(AdditionalGroups.bind(context.getEnvironment()).get("alerts"));
				assertThat(alerts.getJoinTimeout()).isEqualTo(Duration.ofSeconds(3));
				assertThat(alerts.getTemplate().getSendTimeout()).isEqualTo(Duration.ofSeconds(4));
			});
	}

	@Test
	void anEmptyValueForAKeyHidesNoneOfItsSettings() {
		this.runner.withPropertyValues("cpg.groups.audit=").run((context) -> {
			CpgGroupProperties audit = Objects
				.requireNonNull(AdditionalGroups.bind(context.getEnvironment()).get("audit"));
			assertThat(audit.getGroup()).isEqualTo("audit-log");
			assertThat(audit.getJoinTimeout()).isEqualTo(Duration.ofSeconds(5));
			assertThat(audit.getTemplate().getSendTimeout()).isEqualTo(Duration.ofSeconds(4));
		});
	}

	@Test
	void aValueForAKeyThatIsNotEmptyIsRefused() {
		this.runner.withPropertyValues("cpg.groups.alerts=alerts")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("cpg.groups.alerts with value 'alerts'"));
	}

	/** A hyphen may be left out in a variable's name, or become an underscore. */
	@Test
	void anEnvironmentVariableThatIsOfAnotherKeyMakesNoGroup() {
		this.runner.withInitializer((context) -> addVariable(context, "CPG_GROUPS_PRICE_LIST_JOIN_TIMEOUT", "7s"))
			.run((context) -> {
				var settings = AdditionalGroups.bind(context.getEnvironment());
				assertThat(settings).containsOnlyKeys("audit", "price-list");
				assertThat(Objects.requireNonNull(settings.get("price-list")).getJoinTimeout())
					.isEqualTo(Duration.ofSeconds(7));
			});
	}

	private static void addVariable(ConfigurableApplicationContext context, String name, String value) {
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of(name, value)));
	}

	@Test
	void aKeyThatSourcesWriteInSeveralWaysIsOneGroup() {
		this.runner.withInitializer((context) -> addVariable(context, "CPG_GROUPS_PRICELIST_JOINTIMEOUT", "7s"))
			.run((context) -> {
				var settings = AdditionalGroups.bind(context.getEnvironment());
				assertThat(settings).containsOnlyKeys("audit", "price-list");
				assertThat(Objects.requireNonNull(settings.get("price-list")).getJoinTimeout())
					.isEqualTo(Duration.ofSeconds(7));
			});
	}

	@Test
	void theApplicationsOwnBeansAndThoseOfAParentContextStay() {
		this.runner.withBean("auditCpgTemplate", CpgTemplate.class, () -> new CpgTemplate(ELSEWHERE), (definition) -> {
			((AbstractBeanDefinition) definition)
				.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "audit"));
			((AbstractBeanDefinition) definition).setDefaultCandidate(false);
		}).run((context) -> {
			assertThat(context.getBean(Groups.class).auditTemplate.multicast("x")).isCompletedExceptionally();
			new ApplicationContextRunner().withParent(context)
				.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
				.withPropertyValues(PROPERTIES)
				.run((child) -> {
					assertThat(child).hasNotFailed();
					assertThat(child.getBeanFactory().getBeanNamesForType(CpgMembership.class)).isEmpty();
					assertThat(context.getBean(ServiceNode.class).connections()).hasSize(3);
				});
		});
	}

	@Test
	void aGroupThatIsSetAfterProcessingAheadOfTimeIsRefused() {
		this.runner
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(beanFactory) -> TestPropertyValues.of("cpg.groups.late.group=late").applyTo(context)))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cpg.groups.late is set, and was not"));
	}

	@Test
	void aNameWithASlashHasItsPlaceInHealth() {
		this.runner.withPropertyValues("cpg.group=shop/orders")
			.run((context) -> assertThat(
					context.getBean("cpgHealthContributor", CompositeHealthContributor.class).stream())
				.extracting((entry) -> entry.name())
				.contains("shop-orders"));
	}

	@Test
	void aValueThatCannotWorkIsRefusedUnderItsOwnName() {
		this.runner.withPropertyValues("cpg.groups.audit.leave-timeout=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cpg.groups.audit.leave-timeout"));
		this.runner
			.withPropertyValues("cpg.reconnect.max-interval=15s", "cpg.groups.audit.reconnect.initial-interval=20s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cpg.groups.audit.reconnect.initial-interval with value '20s'")
				.hasMessageContaining("cpg.groups.audit.reconnect.max-interval, which is 15s."));
		this.runner.withPropertyValues("cpg.groups.audit.group=" + "x".repeat(129))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cpg.groups.audit.group")
				.hasMessageContaining("128 bytes"));
	}

	@Test
	void disabledThereAreNone() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("cpg.enabled=false")
			.run((context) -> assertThat(context.getBeanFactory().getBeanNamesForType(CpgGroup.class)).isEmpty());
	}

	@Test
	@CompileWithForkedClassLoader
	void theyAreThereInAServiceThatWasProcessedAheadOfTime() {
		AnnotationConfigApplicationContext source = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(PROPERTIES).applyTo(source);
		source.register(ScannedApplication.class, CpgAutoConfiguration.class, ServiceNode.class, Groups.class);
		TestGenerationContext generation = new TestGenerationContext(
				new ClassNameGenerator(ClassName.get(CpgAdditionalGroupsTests.class)));
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues.of(PROPERTIES).applyTo(context);
				initialize(compiled.getInstance(ApplicationContextInitializer.class, initializer.reflectionName()),
						context);
				context.refresh();
				Groups groups = context.getBean(Groups.class);
				assertThat(groups.audit.getName()).isEqualTo("audit-log");
				assertThat(groups.prices.getState()).isEqualTo(State.JOINED);
				assertThat(groups.auditTemplate).isNotSameAs(groups.firstTemplate);
				assertThat(context.getBean(CpgMessageTypes.class).toString()).as("types found, public or not")
					.contains("parcel=", "shipment=");
			}
		});
	}

	@SuppressWarnings("unchecked")
	private static void initialize(ApplicationContextInitializer<?> initializer, GenericApplicationContext context) {
		((ApplicationContextInitializer<GenericApplicationContext>) initializer).initialize(context);
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Shipment.class)
	static class ScannedApplication {

	}

	static final class Leaving {

		private final ObjectProvider<LeaveBeforeWebServer> leave;

		private volatile boolean returned;

		Leaving(ObjectProvider<LeaveBeforeWebServer> leave) {
			this.leave = leave;
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.leave.getObject().stop();
			this.returned = true;
		}

	}

	static class Groups {

		private final CpgGroup first;

		private final CpgGroup audit;

		private final CpgGroup prices;

		private final CpgTemplate firstTemplate;

		private final CpgTemplate auditTemplate;

		private final List<String> heard = new CopyOnWriteArrayList<>();

		Groups(CpgGroup first, @Qualifier("audit") CpgGroup audit, @Qualifier("price-list") CpgGroup prices,
				CpgTemplate firstTemplate, @Qualifier("audit") CpgTemplate auditTemplate) {
			this.first = first;
			this.audit = audit;
			this.prices = prices;
			this.firstTemplate = firstTemplate;
			this.auditTemplate = auditTemplate;
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.heard.add(event.getGroup() + " " + new String(event.getPayload(), StandardCharsets.UTF_8));
		}

	}

}
