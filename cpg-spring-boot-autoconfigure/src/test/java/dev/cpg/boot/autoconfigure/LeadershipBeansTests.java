package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.boot.autoconfigure.leadership.CpgLeadershipAutoConfiguration;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipEvent;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.LeaderOnly;
import dev.cpg.spring.leadership.UnknownRoleException;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.StateFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.leader.DefaultCandidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;

/**
 * The beans and settings of leadership, on an embedded cluster.
 */
@Timeout(60)
class LeadershipBeansTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgLeadershipAutoConfiguration.class))
		.withInitializer(this.node::register)
		.withPropertyValues("cpg.group=orders");

	private static LeaderElection election(AssertableApplicationContext context, String group) {
		return context.getBeansOfType(LeaderElection.class)
			.values()
			.stream()
			.filter((election) -> election.group().equals(group))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void withoutRolesThereIsNoLeadership() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(CpgLeadership.class)
			.doesNotHaveBean(Leaderships.class)
			.hasNotFailed());
	}

	@Test
	void theOnlyRoleNeedsNoQualifier() {
		this.runner.withPropertyValues("cpg.leader.roles=billing").run((context) -> {
			assertThat(context.getBean(CpgLeadership.class)).isSameAs(qualified(context, "billing"))
				.isSameAs(election(context, "orders").leadership("billing"));
		});
	}

	@Test
	void rolesOfAllGroupsAreInjectedByTheirNames() {
		this.runner
			.withPropertyValues("cpg.leader.roles=billing,reports", "cpg.groups.audit.leader.roles=archive",
					"cpg.groups.plain.group=plain")
			.run((context) -> {
				assertThat(election(context, "orders").roles()).containsExactly("billing", "reports");
				assertThat(election(context, "audit").roles()).containsExactly("archive");
				assertThat(qualified(context, "reports")).isSameAs(election(context, "orders").leadership("reports"));
				assertThat(qualified(context, "archive")).isSameAs(election(context, "audit").leadership("archive"));
				assertThat(context.getBeansOfType(CpgLeadership.class)).hasSize(3);
				assertThat(context.getBeansOfType(LeaderElection.class)).hasSize(2);
			});
	}

	@Test
	void anAdditionalGroupInheritsSettingsButNoRoles() {
		this.runner
			.withPropertyValues("cpg.leader.roles=billing", "cpg.leader.lease=300ms",
					"cpg.leader.state-file=/tmp/tokens", "cpg.leader.role.billing.priority=7",
					"cpg.groups.audit.leader.priority=3")
			.run((context) -> {
				CpgLeaderProperties audit = Objects
					.requireNonNull(AdditionalGroups.bind(context.getEnvironment()).get("audit"))
					.getLeader();
				assertThat(audit.getRoles()).isEmpty();
				assertThat(audit.getRole()).isEmpty();
				assertThat(audit.getStateFile()).isNull();
				assertThat(audit.getLease()).hasMillis(300);
				assertThat(audit.getPriority()).isEqualTo(3);
				CpgLeaderProperties ofAll = context.getBean(CpgProperties.class).getLeader();
				assertThat(ofAll.priorityIn("billing")).isEqualTo(7);
				assertThat(ofAll.priorityIn("reports")).isZero();
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					cpg.leader.roles=billing,billing                                   ; The role 'billing' is there twice
					cpg.leader.roles=${ROLE}                                           ; ${ROLE}
					cpg.leader.roles=billing cpg.groups.audit.leader.roles=billing     ; two groups of a service cannot have the same one
					cpg.leader.roles=billing cpg.leader.role.biling.priority=1         ; cpg.leader.roles does not name this role
					cpg.leader.lease=0s                                                ; It must be between 1ms and 365d
					cpg.leader.lease=2s cpg.leader.liveness-timeout=2s                 ; It must be longer than cpg.leader.lease
					cpg.leader.lease=2s cpg.leader.exchange-timeout=1s                 ; It must not be shorter than cpg.leader.lease
					cpg.leader.yield-cooldown=366d                                     ; It must be between 0s and 365d
					cpg.groups.audit.leader.yield-cooldown=-1s                         ; cpg.groups.audit.leader.yield-cooldown
					""")
	void settingsThatContradictFailTheStart(String properties, String reason) {
		this.runner.withPropertyValues(properties.split(" "))
			.run((context) -> assertThat(cause(context)).isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining(reason));
	}

	@Test
	void guardsMethods() {
		this.runner.withPropertyValues("cpg.leader.roles=billing").withBean(Billing.class).run((context) -> {
			assertThat(context.getBean(Billing.class).bill()).isZero();
			becomeReady(context);
			assertThat(context.getBean(CpgLeadership.class).await(Duration.ofSeconds(10))).isTrue();
			assertThat(context.getBean(Billing.class).bill()).isPositive();
		});
	}

	@ParameterizedTest
	@CsvSource({ "cpg.enabled=false", "cpg.leader.roles=reports", "cpg.leader.lease=1s" })
	void aRoleThatThisServiceDoesNotHaveFailsTheStart(String property) {
		this.runner.withPropertyValues(property)
			.withBean(Billing.class)
			.run((context) -> assertThat(cause(context)).isInstanceOf(UnknownRoleException.class));
	}

	@Test
	void aCandidateOfSpringIntegrationIsCalled() {
		Candidate candidate = mock();
		given(candidate.getRole()).willReturn("billing");
		this.runner.withPropertyValues("cpg.leader.roles=billing,reports")
			.withBean("candidate", Candidate.class, () -> candidate)
			.withBean("another", Candidate.class, () -> new DefaultCandidate("another", "reports"))
			.run((context) -> {
				context.publishEvent(new CpgLeadershipGrantedEvent(this, "orders", CpgView.NONE, "billing", 5));
				then(candidate).should(timeout(10_000)).onGranted(any());
			});
	}

	@Test
	void nobodyLeadsBeforeTheApplicationIsReadyAndListenersLearnHowThingsStand() {
		this.runner.withPropertyValues("cpg.leader.roles=billing").withBean(Recorder.class).run((context) -> {
			CpgLeadership leadership = context.getBean(CpgLeadership.class);
			assertThat(leadership.await(Duration.ofMillis(300))).isFalse();
			List<Object> events = context.getBean(Recorder.class).events;
			events.clear();
			becomeReady(context);
			assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
			await().until(() -> events.stream().anyMatch(CpgLeadershipGrantedEvent.class::isInstance));
			assertThat(events.get(0)).isInstanceOfSatisfying(CpgLeaderChangeEvent.class,
					(event) -> assertThat(event.getVacancy()).isNotNull());
		});
	}

	@Test
	void whoYieldsLeadsAgainAloneWithALargerToken() {
		this.runner.withPropertyValues("cpg.leader.roles=billing", "cpg.leader.yield-cooldown=100ms").run((context) -> {
			CpgLeadership leadership = context.getBean(CpgLeadership.class);
			becomeReady(context);
			assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
			long token = leadership.token().orElseThrow();
			leadership.yield();
			assertThat(leadership.isLeader()).isFalse();
			assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
			assertThat(leadership.token().orElseThrow()).isGreaterThan(token);
		});
	}

	@Test
	void theStateFileKeepsTheTokenForTheNextRun(@TempDir Path directory) throws IOException {
		Path path = directory.resolve("tokens");
		// An hour ahead of the clock, as after the clock was set back.
		long kept = Duration.between(Instant.parse("2026-01-01T00:00:00Z"), Instant.now())
			.plusHours(1)
			.toMillis() << 11;
		new StateFile(path).write("billing", kept);
		this.runner.withPropertyValues("cpg.leader.roles=billing", "cpg.leader.state-file=" + path).run((context) -> {
			CpgLeadership leadership = context.getBean(CpgLeadership.class);
			becomeReady(context);
			assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
			assertThat(leadership.token().orElseThrow()).isGreaterThan(kept);
			assertThat(new StateFile(path).tokens()).hasEntrySatisfying("billing",
					(token) -> assertThat(token).isGreaterThan(kept));
		});
	}

	@Test
	void aDamagedStateFileFailsTheStart(@TempDir Path directory) throws IOException {
		Path path = Files.writeString(directory.resolve("tokens"), "x");
		this.runner.withPropertyValues("cpg.leader.roles=billing", "cpg.leader.state-file=" + path)
			.run((context) -> assertThat(cause(context)).isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("cpg.leader.state-file")
				.hasMessageContaining("is damaged"));
	}

	@Test
	void rolesOfAContextWhoseMembershipIsAParentsFailTheStart() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withPropertyValues("cpg.leader.roles=billing")
			.run((context) -> {
				assertThat(cause(context)).hasMessageContaining("the roles [billing] of group 'orders'");
				assertThat(Objects
					.requireNonNull(new ElectionWithoutMembershipFailureAnalyzer()
						.analyze(Objects.requireNonNull(context.getStartupFailure())))
					.getAction()).contains("parent context");
			}));
	}

	@Test
	void aParentsRolesAreThoseOfItsChildren() {
		this.runner.withPropertyValues("cpg.leader.roles=billing")
			.run((parent) -> this.runner.withParent(parent)
				.withPropertyValues("cpg.leader.roles=billing")
				.run((context) -> assertThat(context.getBean(CpgLeadership.class))
					.isSameAs(parent.getBean(CpgLeadership.class))));
	}

	@Test
	void rolesOfAServiceWithAMembershipOfItsOwnFailTheStart() {
		this.runner.withPropertyValues("cpg.leader.roles=billing")
			.withBean("own", CpgMembership.class, () -> CpgMembership.builder(this.node, CpgGroupName.of("orders"),
					GroupBeans.settings("cpg", new CpgProperties()), (event) -> {
					})
				.build())
			.run((context) -> assertThat(cause(context)).isInstanceOf(ElectionWithoutMembershipException.class));
	}

	@Test
	void lazyMembershipsTakePart() {
		this.runner.withPropertyValues("cpg.leader.roles=billing")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static void becomeReady(AssertableApplicationContext context) {
		context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0],
				context.getSourceApplicationContext(), Duration.ZERO));
	}

	private static Throwable cause(AssertableApplicationContext context) {
		return NestedExceptionUtils.getMostSpecificCause(Objects.requireNonNull(context.getStartupFailure()));
	}

	private static CpgLeadership qualified(AssertableApplicationContext context, String role) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getSourceApplicationContext().getBeanFactory(),
				CpgLeadership.class, role);
	}

	static class Recorder {

		private final List<Object> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgLeadershipEvent event) {
			this.events.add(event);
		}

	}

	static class Billing {

		@LeaderOnly("billing")
		long bill() {
			return CpgLeadership.currentToken();
		}

	}

}
