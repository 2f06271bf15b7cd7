package dev.cpg.boot.autoconfigure.leadership;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.health.CpgHealthContributorAutoConfiguration;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.leadership.CpgLeadership;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Leaders that need a health group, on an embedded cluster.
 */
@Timeout(60)
class LeaderHealthTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final TestIndicator database = new TestIndicator();

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgLeadershipAutoConfiguration.class,
				CpgHealthContributorAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class))
		.withInitializer(this.node::register)
		.withInitializer(LeaderHealthTests::loadDocumentedSettings)
		.withPropertyValues("cpg.group=orders", "cpg.leader.min-hold=0s", "cpg.leader.yield-cooldown=0s");

	private final ApplicationContextRunner runner = this.bare
		.withConfiguration(AutoConfigurations.of(HealthContributorRegistryAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				AvailabilityProbesAutoConfiguration.class))
		.withBean("db", HealthIndicator.class, () -> this.database);

	private static void loadDocumentedSettings(ConfigurableApplicationContext context) {
		try {
			new YamlPropertySourceLoader().load("documented", new ClassPathResource("dev/cpg/docs/leader-health.yaml"))
				.forEach(context.getEnvironment().getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void whoseGroupIsDownIsNotElectedAndALeaderGivesUp() {
		this.database.status = Status.DOWN;
		this.runner.run((context) -> {
			CpgLeadership leadership = context.getBean(CpgLeadership.class);
			becomeReady(context);
			this.database.checked(context);
			assertThat(leadership.await(Duration.ofMillis(200))).isFalse();
			this.database.now(context, Status.UP);
			assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
			this.database.now(context, Status.OUT_OF_SERVICE);
			await().until(() -> !leadership.isLeader());
			this.database.now(context, Status.UNKNOWN);
			assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
		});
	}

	@Test
	void aCheckThatFailsCountsAsDown() {
		this.runner.run((context) -> {
			CpgLeadership leadership = leads(context);
			this.database.now(context, null);
			await().until(() -> !leadership.isLeader());
		});
	}

	@Test
	void aGroupThatComesAndGoesCostsNoLeadershipAtFirst() {
		this.runner.withPropertyValues("cpg.leader.min-hold=1h").run((context) -> {
			CpgLeadership leadership = leads(context);
			OptionalLong token = leadership.token();
			this.database.now(context, Status.DOWN);
			this.database.checked(context);
			this.database.checked(context);
			assertThat(leadership.token()).isEqualTo(token);
		});
	}

	@Test
	void aRoleHasAHealthGroupOfItsOwnOrNone() {
		this.database.status = Status.DOWN;
		this.runner
			.withPropertyValues("cpg.leader.roles=billing,mail,audit", "cpg.leader.role.mail.health-group=sending",
					"cpg.leader.role.audit.health-group=", "management.endpoint.health.group.sending.include=other")
			.withBean("other", HealthIndicator.class, TestIndicator::new)
			.run((context) -> {
				becomeReady(context);
				assertThat(leadership(context, "mail").await(Duration.ofSeconds(10))).isTrue();
				assertThat(leadership(context, "audit").await(Duration.ofSeconds(10))).isTrue();
				this.database.checked(context);
				assertThat(leadership(context, "billing").isLeader()).isFalse();
			});
	}

	@Test
	void aGroupWithTheHealthOfTheMembershipIsNoCircle() {
		this.runner.withPropertyValues("management.endpoint.health.group.leader.include=cpg,db").run((context) -> {
			CpgLeadership leadership = leads(context);
			this.node.daemon().kill();
			await().until(() -> !leadership.isLeader());
			this.node.daemon().start();
			assertThat(leadership.await(Duration.ofSeconds(20))).isTrue();
		});
	}

	@Test
	void aServiceThatRefusesTrafficGivesUpWithTheGroupOfItsReadiness() {
		this.runner.withPropertyValues("cpg.leader.health-group=readiness").run((context) -> {
			assertThat(context).hasSingleBean(ApplicationAvailability.class);
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			CpgLeadership leadership = leads(context);
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			await().atMost(Duration.ofMillis(1500)).until(() -> !leadership.isLeader());
		});
	}

	@Test
	void theThreadEndsWithTheContext() {
		this.runner.run((context) -> {
			leads(context);
			assertThat(threads()).isOne();
		});
		await().until(() -> threads() == 0);
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("cpg-leader-health"))
			.count();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			biling; the health groups [leader, liveness, readiness]
			db    ; management.endpoint.health.group.leader.include=db
			""")
	void aGroupThatThereIsNotFailsTheStart(String group, String advice) {
		this.runner.withPropertyValues("cpg.leader.health-group=" + group)
			.run((context) -> assertThat(analysis(context)).contains("The leader in [billing] needs the health group")
				.contains(advice));
	}

	@Test
	void withoutAHealthEndpointTheStartFails() {
		this.bare.run((context) -> assertThat(analysis(context)).contains("this service has no health endpoint")
			.contains("spring-boot-starter-actuator"));
	}

	private static String analysis(AssertableApplicationContext context) {
		FailureAnalysis analysis = Objects.requireNonNull(
				new UnknownHealthGroupFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())));
		return analysis.getDescription() + analysis.getAction();
	}

	private static CpgLeadership leads(AssertableApplicationContext context) throws InterruptedException {
		becomeReady(context);
		CpgLeadership leadership = context.getBean(CpgLeadership.class);
		assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
		return leadership;
	}

	private static CpgLeadership leadership(AssertableApplicationContext context, String role) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getSourceApplicationContext().getBeanFactory(),
				CpgLeadership.class, role);
	}

	private static void becomeReady(AssertableApplicationContext context) {
		context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0],
				context.getSourceApplicationContext(), Duration.ZERO));
	}

	/** An indicator whose status the test sets; without one it fails. */
	private static final class TestIndicator implements HealthIndicator {

		private volatile @Nullable Status status = Status.UP;

		private volatile CountDownLatch checks = new CountDownLatch(0);

		void now(AssertableApplicationContext context, @Nullable Status nowStatus) {
			this.status = nowStatus;
			AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
		}

		/** Waits for a check that begins from now on. */
		void checked(AssertableApplicationContext context) throws InterruptedException {
			CountDownLatch two = new CountDownLatch(2);
			this.checks = two;
			while (two.getCount() > 0) {
				AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
				two.await(20, TimeUnit.MILLISECONDS);
			}
		}

		@Override
		public Health health() {
			this.checks.countDown();
			return Health.status(Objects.requireNonNull(this.status)).build();
		}

	}

}
