package dev.cpg.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.fake.FakeConnection;
import dev.cpg.fake.FakeConnector;
import dev.cpg.fake.FakeQuorumConnection;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.backoff.ExponentialBackOff;

import static dev.cpg.client.CpgQuorumState.INQUORATE;
import static dev.cpg.client.CpgQuorumState.NO_PROVIDER;
import static dev.cpg.client.CpgQuorumState.QUORATE;
import static dev.cpg.client.CpgQuorumState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What memberships know of the quorum, by fake connections: moments between two
 * notifications that no daemon can be made to stop at.
 */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class CpgQuorumTests {

	private static final RingId RING = FakeConnection.RING;

	private static final RingId NEXT = new RingId(1, 48);

	private static final CpgAddress OTHER = new CpgAddress(2, 200);

	private final FakeConnector connector = new FakeConnector();

	private final CpgQuorumMonitor monitor = new CpgQuorumMonitor();

	private final List<CpgMembership> memberships = new ArrayList<>();

	/** Each event, and what the group said of its quorum then. */
	private final List<String> events = new CopyOnWriteArrayList<>();

	private volatile Consumer<Object> listener = (event) -> {
	};

	@BeforeEach
	void takeConnections() {
		this.connector.refuseQuorum(null);
	}

	@AfterEach
	void stop() {
		this.memberships.forEach(CpgMembership::stop);
	}

	@Test
	void theQuorumOfTheViewsRingIsKnownOnceItIsReported() {
		CpgGroup group = start("orders");
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.connector.quorum().report(RING, true, 1L);
		assertThat(group.getQuorum()).isEqualTo(QUORATE);
		this.connector.quorum().report(RING, false, 1L);
		assertThat(group.getQuorum()).isEqualTo(INQUORATE);
	}

	@Test
	void theQuorumOfAnotherRingOrOfOtherNodesSaysNothing() {
		CpgGroup group = start("orders");
		this.connector.quorum().report(new RingId(2, RING.sequence()), false, 1L);
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.connector.quorum().report(RING, true, 1L, 2L);
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
	}

	@Test
	void aClusterWithoutAProviderHasNotLostItsQuorum() {
		CpgGroup group = start("orders");
		this.connector.quorum().report(new CpgQuorum(false, true, RING, List.of(1L)));
		assertThat(group.getQuorum()).isEqualTo(NO_PROVIDER);
	}

	@Test
	void aNewRingIsUnknownUntilItsQuorumIsReported() {
		CpgGroup group = start("orders");
		this.connector.quorum().report(RING, true, 1L);
		awaitEvents("QUORATE of 1.2f, group QUORATE");
		ringOfTwo();
		awaitEvents("UNKNOWN of 1.30, group UNKNOWN", "ring 1.30");
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.connector.quorum().report(NEXT, true, 2L, 1L);
		awaitEvents("QUORATE of 1.30, group QUORATE");
		assertThat(group.getQuorum()).isEqualTo(QUORATE);
	}

	@Test
	void aQuorumThatIsReportedBeforeItsRingIsKnownWithTheRing() {
		start("orders");
		this.connector.quorum().report(RING, true, 1L);
		awaitEvents("QUORATE of 1.2f, group QUORATE");
		this.connector.quorum().report(NEXT, false, 1L, 2L);
		awaitEvents("UNKNOWN of 1.2f, group UNKNOWN");
		ringOfTwo();
		awaitEvents("ring 1.30", "INQUORATE of 1.30, group INQUORATE");
	}

	@Test
	void aSlowListenerDelaysTheEventAndNotTheState() throws InterruptedException {
		CpgGroup group = start("orders");
		this.connector.quorum().report(RING, true, 1L);
		awaitEvents("QUORATE of 1.2f, group QUORATE");
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch called = new CountDownLatch(1);
		this.listener = (event) -> {
			if (event instanceof CpgDeliverEvent<?>) {
				called.countDown();
				awaitUninterruptibly(busy);
			}
		};
		this.connector.connection().deliver(OTHER, new byte[1]);
		called.await();
		this.connector.quorum().report(RING, false, 1L);
		assertThat(group.getQuorum()).isEqualTo(INQUORATE);
		ringOfTwo();
		assertThat(this.events).isEmpty();
		busy.countDown();
		awaitEvents("INQUORATE of 1.2f, group INQUORATE", "UNKNOWN of 1.30, group UNKNOWN", "ring 1.30");
	}

	@Test
	void withTheConnectionOfTheGroupNothingIsKnown() {
		CpgGroup group = start("orders");
		this.connector.quorum().report(RING, true, 1L);
		awaitEvents("QUORATE of 1.2f, group QUORATE");
		this.connector.refuse(() -> new CorosyncException(CsError.LIBRARY, "There is no daemon here"));
		this.connector.connection().lose("The daemon died");
		awaitEvents("disconnected, group UNKNOWN");
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		await().until(() -> !this.connector.quorum().isOpen());
	}

	@Test
	void aLostConnectionIsOpenedAgain() {
		CpgGroup group = start("orders");
		FakeQuorumConnection first = this.connector.quorum();
		first.report(RING, true, 1L);
		awaitEvents("QUORATE of 1.2f, group QUORATE");
		first.lose();
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		awaitEvents("UNKNOWN of 1.2f, group UNKNOWN");
		await().until(() -> this.connector.quorumConnections().size() == 2);
		this.connector.quorum().report(RING, true, 1L);
		awaitEvents("QUORATE of 1.2f, group QUORATE");
		first.report(RING, false, 1L);
		assertThat(group.getQuorum()).isEqualTo(QUORATE);
		assertThat(group.getState()).isEqualTo(State.JOINED);
	}

	@Test
	void aRefusedConnectionIsLoggedOnceAndTriedAgain(CapturedOutput output) {
		this.connector.refuseQuorum(() -> new CorosyncException(CsError.ACCESS, "Not for you"));
		CpgGroup group = start("orders");
		await().until(() -> this.connector.quorumAttempts() > 2);
		assertThat(group.getState()).isEqualTo(State.JOINED);
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.connector.refuseQuorum(null);
		this.connector.quorum().report(RING, true, 1L);
		awaitEvents("QUORATE of 1.2f, group QUORATE");
		assertThat(output.getAll()).containsOnlyOnce("Whether the ring is quorate is not known");
	}

	@Test
	void anEngineWithoutTheServiceIsNotAskedAgain(CapturedOutput output) {
		this.connector.refuseQuorum(() -> new CorosyncException(CsError.NOT_SUPPORTED, "There is none"));
		CpgGroup group = start("orders");
		await().until(() -> this.connector.quorumAttempts() == 1);
		this.connector.connection().lose("The daemon died");
		await().until(() -> this.connector.connections().size() == 2 && group.getState() == State.JOINED);
		start("invoices");
		assertThat(this.connector.quorumAttempts()).isEqualTo(1);
		assertThat(output.getAll()).containsOnlyOnce("Whether the ring is quorate is not known");
	}

	@Test
	void groupsShareAConnectionUntilTheLastOneEnds() {
		CpgGroup orders = start("orders");
		FakeQuorumConnection shared = this.connector.quorum();
		shared.report(RING, true, 1L);
		CpgGroup invoices = start("invoices");
		assertThat(invoices.getQuorum()).isEqualTo(QUORATE);
		this.memberships.get(0).stop();
		assertThat(orders.getQuorum()).isEqualTo(UNKNOWN);
		shared.report(RING, false, 1L);
		assertThat(invoices.getQuorum()).isEqualTo(INQUORATE);
		assertThat(shared.isOpen()).isTrue();
		this.memberships.get(1).stop();
		assertThat(shared.isOpen()).isFalse();
		assertThat(this.connector.quorumConnections()).hasSize(1);
	}

	@Test
	void theLogSaysWhenTheQuorumIsLostAndWhenItIsBack(CapturedOutput output) {
		start("orders");
		this.connector.quorum().report(RING, true, 1L);
		assertThat(output.getAll()).doesNotContain("INFO  [main] dev.cpg.membership There is a quorum")
			.doesNotContain("There is no quorum");
		this.connector.quorum().report(NEXT, false, 1L);
		this.connector.quorum().report(new RingId(1, 49), false, 1L);
		assertThat(output.getAll()).containsOnlyOnce(
				"There is no quorum: ring 1.30 has only the nodes [1], and the cluster may go on without them");
		this.connector.quorum().report(new RingId(1, 50), true, 1L, 2L);
		assertThat(output.getAll())
			.containsOnlyOnce("There is a quorum: ring 1.32 with the nodes [1, 2] may act for the cluster");
	}

	private CpgGroup start(String name) {
		CpgMembershipSettings settings = new CpgMembershipSettings(false, Duration.ofSeconds(5), Duration.ofSeconds(5),
				new ExponentialBackOff(10, 1), Duration.ofSeconds(1), Duration.ofSeconds(30));
		CpgMembership membership = CpgMembership
			.builder(this.connector, CpgGroupName.of(name), settings, this::published)
			.quorum(this.monitor)
			.build();
		this.memberships.add(membership);
		membership.start();
		await().until(() -> membership.getGroup().getRingNodeIds().equals(List.of(1L)));
		return membership.getGroup();
	}

	private void published(Object event) {
		this.listener.accept(event);
		CpgQuorumState quorum = this.memberships.get(this.memberships.size() - 1).getGroup().getQuorum();
		if (event instanceof CpgQuorumChangeEvent change) {
			this.events.add("%s of %s, group %s".formatted(change.getQuorum(), change.getView().ring(), quorum));
		}
		else if (event instanceof CpgTotemConfigurationChangeEvent change && !change.getRing().equals(RING)) {
			this.events.add("ring " + change.getRing());
		}
		else if (event instanceof CpgDisconnectedEvent) {
			this.events.add("disconnected, group " + quorum);
		}
	}

	private void awaitEvents(String... expected) {
		await().untilAsserted(() -> assertThat(this.events).containsExactly(expected));
		this.events.clear();
	}

	private void ringOfTwo() {
		this.connector.connection()
			.ringChanged(NEXT, Stream.of(FakeConnection.LOCAL, OTHER).toList(), List.of(),
					List.of(new CpgMember(OTHER, CpgReason.NODEUP)));
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
