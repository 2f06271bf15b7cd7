package dev.cpg.boot.autoconfigure.health;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgReason;
import dev.cpg.fake.FakeConnection;
import dev.cpg.fake.FakeConnector;
import dev.cpg.fake.RingToggle;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgDeliverEvent;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

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
					entry("quorum", "UNKNOWN"), entry("members", List.of("1/100", "2/200")),
					entry("suspects", List.of("2/200")));
		});
	}

	@Test
	void membersAndRingAreOfOneMoment() {
		this.runner.run((context) -> {
			RingToggle toggle = new RingToggle(this.connector.connection());
			while (toggle.isRunning()) {
				toggle.again();
				Map<String, Object> details = health(context).getDetails();
				String ring = String.valueOf(details.get("ring"));
				int nodes = RingToggle.nodes(Long.parseLong(ring.substring(ring.indexOf('.') + 1), 16));
				assertThat(details.get("members")).as(ring).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(nodes);
				assertThat(details.get("suspects")).as(ring).asInstanceOf(InstanceOfAssertFactories.LIST).isEmpty();
			}
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
	void downWithTheListenerThatHasBeenBusyForTooLong() {
		CountDownLatch busy = new CountDownLatch(1);
		this.runner.withPropertyValues("cpg.delivery.stall-timeout=100ms")
			.withBean(BusyListener.class, () -> new BusyListener(busy))
			.run((context) -> {
				this.connector.connection().deliver(FakeConnection.LOCAL, new byte[1]);
				await().untilAsserted(
						() -> assertThat(health(context).getDetails()).containsEntry("deliveryStalled", true));
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
				assertThat(String.valueOf(health(context).getDetails().get("reason"))).contains("BusyListener.on(")
					.contains("has been busy with CpgDeliverEvent");
				busy.countDown();
				await().until(() -> health(context).getStatus().equals(Status.UP));
			});
	}

	@Test
	void upWithoutAQuorumUnlessThatIsRequired() {
		this.connector.refuseQuorum(null);
		this.runner.run((context) -> {
			this.connector.quorum().report(FakeConnection.RING, false, 1L);
			await().untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("quorum", "INQUORATE"));
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).doesNotContainKey("reason");
		});
	}

	@Test
	void upOnlyWithAQuorumIfThatIsRequired() {
		this.connector.refuseQuorum(null);
		this.runner.withPropertyValues("cpg.health.require-quorum=true").run((context) -> {
			assertDown(context, "Whether the ring is quorate is not known (cpg.health.require-quorum=true)");
			this.connector.quorum().report(FakeConnection.RING, true, 1L, 2L);
			assertDown(context, "Whether the ring is quorate is not known (cpg.health.require-quorum=true)");
			this.connector.quorum().report(FakeConnection.RING, true, 1L);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			this.connector.quorum().report(FakeConnection.RING, false, 1L);
			assertDown(context, "The ring is not quorate, so the cluster may go on without its nodes [1]"
					+ " (cpg.health.require-quorum=true)");
			this.connector.quorum().report(new CpgQuorum(false, true, FakeConnection.RING, List.of(1L)));
			assertDown(context,
					"The cluster has no quorum provider, so it is never quorate" + " (cpg.health.require-quorum=true)");
		});
	}

	@Test
	void downForTheMembershipAloneIfThereIsNone() {
		this.connector.refuse(Reason.NOT_RUNNING);
		this.runner.withPropertyValues("cpg.health.require-quorum=true")
			.run((context) -> assertDown(context, "There is no daemon here (CS_ERR_LIBRARY)"));
	}

	private static void assertDown(ApplicationContext context, String reason) {
		Health health = health(context);
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("reason", reason);
	}

	@Test
	void upThoughTheDaemonTakesNoMessages() {
		this.runner.run((context) -> {
			this.connector.connection().takesMessages(false);
			assertThat(health(context).getDetails()).containsEntry("synchronizing", true);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void upWithAWarningFromAHundredMembersOfANodeOn() {
		this.runner.run((context) -> {
			for (int pid = 1; pid < 100; pid++) {
				this.connector.connection().joined(new CpgAddress(2, pid), CpgReason.JOIN);
			}
			await().until(() -> context.getBean(CpgGroup.class).getMembers().size() == 1 + 99);
			assertThat(health(context).getDetails()).doesNotContainKey("warning");
			this.connector.connection().joined(new CpgAddress(2, 100), CpgReason.JOIN);
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

	static final class BusyListener {

		private final CountDownLatch latch;

		BusyListener(CountDownLatch latch) {
			this.latch = latch;
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) throws InterruptedException {
			this.latch.await();
		}

	}

	private static Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean("cpgHealthContributor", HealthIndicator.class).health());
	}

}
