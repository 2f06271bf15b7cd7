package dev.cpg.boot.autoconfigure.health;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.RingId;
import dev.cpg.fixture.BusyListener;
import dev.cpg.fixture.RingToggle;
import dev.cpg.fixture.ScriptedQuorum;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgDeliverEvent;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AutoClose;
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

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(CpgAutoConfiguration.class, CpgHealthContributorAutoConfiguration.class))
		.withPropertyValues("cpg.group=orders", "cpg.reconnect.initial-interval=1h", "cpg.reconnect.max-interval=1h");

	private final ApplicationContextRunner runner = this.bare.withInitializer(this.node::register);

	@Test
	void upWithTheMembersWhileJoined() {
		this.runner.run((context) -> {
			CpgAddress other = this.node.join("orders").address();
			await().until(() -> context.getBean(CpgGroup.class).getMembers().size() == 2);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsExactly(entry("group", "orders"), entry("cluster", "embedded"),
					entry("connected", true), entry("joined", true), entry("synchronizing", false),
					entry("deliveryStalled", false), entry("deliveryLag", "0ms"), entry("member", "1/100"),
					entry("ring", this.node.connection().view().ring().toString()), entry("quorum", "QUORATE"),
					entry("members", List.of("1/100", other.toString())), entry("suspects", List.of()));
		});
	}

	@Test
	void membersOnNodesThatTheRingDoesNotHaveAreSuspects() {
		this.runner.run((context) -> {
			String ghost = this.node.leaveGhost("orders").toString();
			await().untilAsserted(
					() -> assertThat(health(context).getDetails()).containsEntry("suspects", List.of(ghost)));
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void membersAndRingAreOfOneMoment() {
		this.runner.run((context) -> {
			RingToggle toggle = new RingToggle(this.node, "orders");
			while (toggle.isRunning()) {
				toggle.again();
				Map<String, Object> details = health(context).getDetails();
				String ring = String.valueOf(details.get("ring"));
				int nodes = toggle.nodes(Long.parseLong(ring.substring(ring.indexOf('.') + 1), 16));
				assertThat(details.get("members")).as(ring).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(nodes);
				assertThat(details.get("suspects")).as(ring).asInstanceOf(InstanceOfAssertFactories.LIST).isEmpty();
			}
		});
	}

	@Test
	void downWithTheReasonWhenThereIsNoDaemon() {
		this.node.daemon().kill();
		this.runner.run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsExactly(entry("group", "orders"), entry("reason",
					"There is no daemon on node 1: it was stopped or killed, and start() was not called (CS_ERR_NOT_EXIST)"),
					entry("connected", false), entry("joined", false), entry("synchronizing", false),
					entry("deliveryStalled", false), entry("deliveryLag", "0ms"));
		});
	}

	@Test
	void downWithTheReasonWhenTheConnectionWasLost() {
		this.runner.run((context) -> {
			this.node.restart();
			await().untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("reason",
					"The daemon of node 1 ended the connection: it was stopped or killed (CS_ERR_LIBRARY)"));
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void downWhileTheJoinIsNotAgreed() {
		this.node.pauseAtJoin();
		this.runner.withPropertyValues("cpg.join-timeout=100ms").run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsKey("reason");
		});
	}

	@Test
	void downWithTheListenerThatHasBeenBusyForTooLong() {
		BusyListener busy = new BusyListener();
		this.runner.withPropertyValues("cpg.delivery.stall-timeout=100ms")
			.withBean(BusyListener.class, () -> busy)
			.run((context) -> {
				this.node.join("orders").send("busy").join();
				await().untilAsserted(
						() -> assertThat(health(context).getDetails()).containsEntry("deliveryStalled", true));
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
				assertThat(health(context).getDetails()).doesNotContainEntry("deliveryLag", "0ms");
				assertThat(String.valueOf(health(context).getDetails().get("reason"))).contains("BusyListener.on(")
					.contains("has been busy with CpgDeliverEvent");
				busy.release();
				await().until(() -> health(context).getStatus().equals(Status.UP));
			});
	}

	@Test
	void upWithoutAQuorumUnlessThatIsRequired() {
		this.runner.run((context) -> {
			this.node.daemon().setQuorate(false);
			await().untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("quorum", "INQUORATE"));
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).doesNotContainKey("reason");
		});
	}

	@Test
	void upOnlyWithAQuorumIfThatIsRequired() {
		ScriptedQuorum quorum = new ScriptedQuorum(this.node);
		this.bare.withBean(ScriptedQuorum.class, () -> quorum)
			.withPropertyValues("cpg.health.require-quorum=true")
			.run((context) -> {
				await().until(() -> context.getBean(CpgGroup.class).getRingNodeIds().equals(List.of(1L, 2L)));
				RingId ring = this.node.connection().view().ring();
				assertDown(context, "Whether the ring is quorate is not known (cpg.health.require-quorum=true)");
				quorum.connection().report(ring, true, 1L, 2L, 3L);
				assertDown(context, "Whether the ring is quorate is not known (cpg.health.require-quorum=true)");
				quorum.connection().report(ring, true, 1L, 2L);
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				quorum.connection().report(ring, false, 1L, 2L);
				assertDown(context, "The ring is not quorate, so the cluster may go on without its nodes [1, 2]"
						+ " (cpg.health.require-quorum=true)");
				quorum.connection().report(new CpgQuorum(false, true, ring, List.of(1L, 2L)));
				assertDown(context, "The cluster has no quorum provider, so it is never quorate"
						+ " (cpg.health.require-quorum=true)");
			});
	}

	@Test
	void downForTheMembershipAloneIfThereIsNone() {
		this.node.daemon().kill();
		this.runner.withPropertyValues("cpg.health.require-quorum=true")
			.run((context) -> assertDown(context,
					"There is no daemon on node 1: it was stopped or killed, and start() was not called (CS_ERR_NOT_EXIST)"));
	}

	private static void assertDown(ApplicationContext context, String reason) {
		Health health = health(context);
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("reason", reason);
	}

	@Test
	void upThoughTheDaemonTakesNoMessages() {
		this.runner.run((context) -> {
			this.node.daemon().refuseMulticasts();
			assertThat(health(context).getDetails()).containsEntry("synchronizing", true);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void upWithAWarningFromAHundredMembersOfANodeOn() {
		this.runner.run((context) -> {
			for (int i = 0; i < 99; i++) {
				this.node.join("orders");
			}
			await().until(() -> context.getBean(CpgGroup.class).getMembers().size() == 1 + 99);
			assertThat(health(context).getDetails()).doesNotContainKey("warning");
			this.node.join("orders");
			await().untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("warning",
					"100 members are on node 2, and a node's 129th is refused"));
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
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
