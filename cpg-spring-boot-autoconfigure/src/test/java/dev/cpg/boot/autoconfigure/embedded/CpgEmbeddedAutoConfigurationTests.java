package dev.cpg.boot.autoconfigure.embedded;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.endpoint.CpgEndpointAutoConfiguration;
import dev.cpg.boot.autoconfigure.health.CpgHealthContributorAutoConfiguration;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CpgEmbeddedAutoConfigurationTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgEmbeddedAutoConfiguration.class, CpgAutoConfiguration.class))
		.withPropertyValues("cpg.mode=embedded", "cpg.group=orders");

	@Test
	void aServiceIsAloneInItsGroup() {
		this.runner.run((context) -> {
			CpgGroup group = context.getBean(CpgGroup.class);
			assertThat(group.getState()).isEqualTo(State.JOINED);
			assertThat(group.getMembers()).hasSize(1);
			assertThat(context.getBean(CpgOperations.class).multicast("hello")).succeedsWithin(LONG);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "embedded", "EMBEDDED", " embedded " })
	void theModeMayBeSpeltAsBindingTakesIt(String mode) {
		this.runner.withPropertyValues("cpg.mode=" + mode)
			.run((context) -> assertThat(context).hasSingleBean(EmbeddedCluster.class));
	}

	@Test
	void nothingIsEmbeddedUnlessThatIsSet() {
		this.runner.withPropertyValues("cpg.mode=corosync", "cpg.corosync.socket-directory=/does/not/exist")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(EmbeddedCluster.class);
				assertThat(context.getBean(CpgGroup.class).getFailure()).hasMessageContaining("/does/not/exist");
			});
	}

	@Test
	void additionalGroupsRunOnTheSameNode() {
		this.runner.withPropertyValues("cpg.groups.audit.group=audit-log", "cpg.groups.audit.member-id=77")
			.run((context) -> {
				CpgGroup audit = context.getBean("auditCpgGroup", CpgGroup.class);
				assertThat(audit.getName()).isEqualTo("audit-log");
				assertThat(audit.getState()).isEqualTo(State.JOINED);
				assertThat(audit.getMembers()).singleElement()
					.satisfies((member) -> assertThat(member.address().pid()).isEqualTo(77));
			});
	}

	@Test
	void theSettingsOfEachGroupApplyAndErrorsNameThem() {
		this.runner.withPropertyValues("cpg.max-message-size=100KB", "cpg.groups.audit.max-message-size=1KB")
			.run((context) -> {
				byte[] message = new byte[2048];
				CpgOperations audit = context.getBean("auditCpgTemplate", CpgOperations.class);
				assertThat(context.getBean(CpgOperations.class).multicast(message)).succeedsWithin(LONG);
				assertThat(audit.multicast(message)).failsWithin(LONG)
					.withThrowableThat()
					.withMessageContaining("cpg.groups.audit.max-message-size");
			});
	}

	@Test
	void contextsOfOneJvmSeeEachOther() {
		this.runner.run((one) -> this.runner.run((two) -> {
			await().atMost(LONG).untilAsserted(() -> assertThat(one.getBean(CpgGroup.class).getMembers()).hasSize(2));
			assertThat(one.getBean(CpgGroup.class).getLocalAddress())
				.isNotEqualTo(two.getBean(CpgGroup.class).getLocalAddress());
		}));
	}

	@Test
	void theSharedClusterEndsWithTheLastContext() {
		this.runner.run((one) -> {
			EmbeddedCluster cluster = one.getBean(EmbeddedCluster.class);
			this.runner.run((two) -> assertThat(two.getBean(EmbeddedCluster.class)).isSameAs(cluster));
			assertThat(one.getBean(CpgOperations.class).multicast("still there")).succeedsWithin(LONG);
		});
		await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private static Set<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("cpg-embedded-"))
			.collect(Collectors.toSet());
	}

	@Test
	void theQuorumIsThatOfTheNode() {
		this.runner.withPropertyValues("cpg.groups.audit.group=audit").run((context) -> {
			CpgGroup group = context.getBean(CpgGroup.class);
			CpgGroup audit = context.getBean("auditCpgGroup", CpgGroup.class);
			awaitQuorum(group, CpgQuorumState.QUORATE);
			awaitQuorum(audit, CpgQuorumState.QUORATE);
			context.getBean(EmbeddedNode.class).setQuorate(false);
			awaitQuorum(group, CpgQuorumState.INQUORATE);
			awaitQuorum(audit, CpgQuorumState.INQUORATE);
			assertThat(context.getBean(CpgOperations.class).multicast("hello")).succeedsWithin(LONG)
				.extracting(CpgView::quorum)
				.isEqualTo(CpgQuorumState.INQUORATE);
		});
	}

	@Test
	void aClusterThatCountsNoVotesHasNoProvider() {
		try (EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(1).quorumProvider(false).start()) {
			this.runner.withBean(EmbeddedCluster.class, () -> cluster)
				.run((context) -> awaitQuorum(context.getBean(CpgGroup.class), CpgQuorumState.NO_PROVIDER));
		}
	}

	private static void awaitQuorum(CpgGroup group, CpgQuorumState quorum) {
		await().atMost(LONG).untilAsserted(() -> assertThat(group.getQuorum()).isEqualTo(quorum));
	}

	@Test
	void anApplicationMayHaveAClusterOfItsOwn() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
			this.runner.withBean(EmbeddedCluster.class, () -> cluster).run((context) -> {
				assertThat(context).hasSingleBean(EmbeddedCluster.class);
				assertThat(context.getBean(EmbeddedNode.class)).isSameAs(cluster.node(1));
				assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
			});
		}
	}

	@Test
	void anApplicationMayChooseTheNode() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
			this.runner.withBean(EmbeddedNode.class, () -> cluster.node(2)).run((context) -> {
				assertThat(context).doesNotHaveBean(EmbeddedCluster.class);
				assertThat(context.getBean(CpgGroup.class).getLocalAddress()).extracting((address) -> address.nodeId())
					.isEqualTo(2L);
			});
		}
	}

	@Test
	void aConnectorOfTheApplicationComesFirst(CapturedOutput output) {
		this.runner.withBean("mine", ServiceNode.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedCluster.class));
		assertThat(output).contains("cpg.mode=embedded has no effect")
			.contains("(mine)")
			.doesNotContain("no other process takes part");
	}

	@Test
	void isRefusedWithAForbiddenProfile() {
		this.runner.withPropertyValues("spring.profiles.active=cloud,PROD")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(EmbeddedModeForbiddenException.class)
				.hasMessageContaining("'PROD'"));
	}

	@Test
	void defaultProfilesCountWhereNoneIsActive() {
		ApplicationContextRunner production = this.runner.withPropertyValues("spring.profiles.default=production");
		production.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(EmbeddedModeForbiddenException.class));
		production.withPropertyValues("spring.profiles.active=dev")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void theForbiddenProfilesCanBeOthersOrNone() {
		ApplicationContextRunner prod = this.runner.withPropertyValues("spring.profiles.active=prod");
		prod.withPropertyValues("cpg.embedded.forbidden-profiles=")
			.run((context) -> assertThat(context).hasNotFailed());
		prod.withPropertyValues("cpg.embedded.forbidden-profiles[0]=live")
			.run((context) -> assertThat(context).hasNotFailed());
		prod.withPropertyValues("cpg.embedded.forbiddenProfiles=live,prod")
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void theStartSaysThatNobodyElseTakesPart(CapturedOutput output) {
		this.runner.withPropertyValues("cpg.groups.audit.group=audit-log").run((context) -> {
		});
		assertThat(output.toString()).containsOnlyOnce("no other process takes part");
	}

	@Test
	void aServiceThatFindsNoCorosyncNamesTheModeThatNeedsNone(CapturedOutput output) {
		ApplicationContextRunner corosync = this.runner.withPropertyValues("cpg.mode=corosync",
				"cpg.corosync.socket-directory=/does/not/exist");
		corosync.withPropertyValues("spring.profiles.active=prod").run((context) -> {
		});
		await().atMost(LONG).untilAsserted(() -> assertThat(output).contains("Not a member of group 'orders'"));
		assertThat(output).doesNotContain("cpg.mode=embedded");
		corosync.run((context) -> {
		});
		assertThat(output).contains("cpg.mode=embedded");
	}

	@Test
	void healthAndEndpointShowTheMode() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(CpgHealthContributorAutoConfiguration.class, EndpointAutoConfiguration.class,
							WebEndpointAutoConfiguration.class, CpgEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=cpg")
			.run((context) -> {
				Health health = context.getBean("cpgHealthContributor", HealthIndicator.class).health();
				assertThat(Objects.requireNonNull(health).getDetails()).containsEntry("mode", "embedded");
				assertThat(context.getBean("cpgEndpoint")).extracting("mode").isEqualTo("embedded");
			});
	}

	@Test
	void aChildContextSharesTheMembershipOfItsParent() {
		this.runner.run((parent) -> this.runner.withParent(parent).run((child) -> {
			assertThat(child.getBean(CpgGroup.class)).isSameAs(parent.getBean(CpgGroup.class));
			assertThat(child.getBean(EmbeddedCluster.class)).isSameAs(parent.getBean(EmbeddedCluster.class));
			assertThat(parent.getBean(CpgGroup.class).getMembers()).hasSize(1);
		}));
	}

	@Test
	void childrenOfAContextWithoutAGroupAreMembersEach() {
		new ApplicationContextRunner().run((parent) -> this.runner.withParent(parent)
			.run((one) -> this.runner.withParent(parent)
				.run((two) -> await().atMost(LONG)
					.untilAsserted(() -> assertThat(one.getBean(CpgGroup.class).getMembers()).hasSize(2)))));
	}

	@Test
	void aMemberIdThatIsTakenIsExplainedWithoutCorosync(CapturedOutput output) {
		this.runner.withPropertyValues("cpg.member-id=7").run((one) -> {
			assertThatException()
				.isThrownBy(() -> new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
					.run("--cpg.mode=embedded", "--cpg.group=orders", "--cpg.member-id=7", "--cpg.fail-fast=true"));
			assertThat(output).contains("cpg.member-id=${random.int[1,2147483647]}").doesNotContain("corosync-");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ CpgEmbeddedAutoConfiguration.class, CpgAutoConfiguration.class })
	static class Application {

	}

	@Test
	void settingsOfCorosyncHaveNoEffect() {
		this.runner.withPropertyValues("cpg.corosync.socket-directory=${ONLY_IN_PRODUCTION}")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
