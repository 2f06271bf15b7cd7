package dev.cpg.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.fixture.ScriptedQuorum;
import dev.cpg.fixture.ScriptedQuorumConnection;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
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
 * What memberships know of the quorum between two notifications, where no daemon can be
 * made to stop.
 */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class CpgQuorumTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final ScriptedQuorum quorum = new ScriptedQuorum(this.node);

	/** The ring of the service's node alone. */
	private RingId ring = RingId.NONE;

	/** The ring that is next. */
	private RingId next = RingId.NONE;

	private final CpgQuorumMonitor monitor = new CpgQuorumMonitor();

	private final List<CpgMembership> memberships = new ArrayList<>();

	/** Each event, and what the group said of its quorum then. */
	private final List<String> events = new CopyOnWriteArrayList<>();

	private volatile Consumer<Object> listener = (event) -> {
	};

	@BeforeEach
	void aRingOfOne() {
		this.node.cluster().partition(Set.of(1));
		this.node.join("orders");
	}

	@AfterEach
	void stop() {
		this.memberships.forEach(CpgMembership::stop);
	}

	@Test
	void theQuorumOfTheViewsRingIsKnownOnceItIsReported() {
		CpgGroup group = start("orders");
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.quorum.connection().report(this.ring, true, 1L);
		assertThat(group.getQuorum()).isEqualTo(QUORATE);
		this.quorum.connection().report(this.ring, false, 1L);
		assertThat(group.getQuorum()).isEqualTo(INQUORATE);
	}

	@Test
	void theQuorumOfAnotherRingOrOfOtherNodesSaysNothing() {
		CpgGroup group = start("orders");
		this.quorum.connection().report(new RingId(2, this.ring.sequence()), false, 1L);
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.quorum.connection().report(this.ring, true, 1L, 2L);
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
	}

	@Test
	void aClusterWithoutAProviderHasNotLostItsQuorum() {
		CpgGroup group = start("orders");
		this.quorum.connection().report(new CpgQuorum(false, true, this.ring, List.of(1L)));
		assertThat(group.getQuorum()).isEqualTo(NO_PROVIDER);
	}

	@Test
	void aNewRingIsUnknownUntilItsQuorumIsReported() {
		CpgGroup group = start("orders");
		this.quorum.connection().report(this.ring, true, 1L);
		awaitEvents("QUORATE of first, group QUORATE");
		ringOfTwo();
		awaitEvents("UNKNOWN of next, group UNKNOWN", "ring next");
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.quorum.connection().report(this.next, true, 2L, 1L);
		awaitEvents("QUORATE of next, group QUORATE");
		assertThat(group.getQuorum()).isEqualTo(QUORATE);
	}

	@Test
	void aQuorumThatIsReportedBeforeItsRingIsKnownWithTheRing() {
		start("orders");
		this.quorum.connection().report(this.ring, true, 1L);
		awaitEvents("QUORATE of first, group QUORATE");
		this.quorum.connection().report(this.next, false, 1L, 2L);
		awaitEvents("UNKNOWN of first, group UNKNOWN");
		ringOfTwo();
		awaitEvents("ring next", "INQUORATE of next, group INQUORATE");
	}

	@Test
	void aSlowListenerDelaysTheEventAndNotTheState() throws InterruptedException {
		CpgGroup group = start("orders");
		this.quorum.connection().report(this.ring, true, 1L);
		awaitEvents("QUORATE of first, group QUORATE");
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch called = new CountDownLatch(1);
		this.listener = (event) -> {
			if (event instanceof CpgDeliverEvent<?>) {
				called.countDown();
				awaitUninterruptibly(busy);
			}
		};
		var unused = new CpgTemplate(this.memberships.get(0)).multicast("hello");
		called.await();
		this.quorum.connection().report(this.ring, false, 1L);
		assertThat(group.getQuorum()).isEqualTo(INQUORATE);
		ringOfTwo();
		assertThat(this.events).isEmpty();
		busy.countDown();
		awaitEvents("INQUORATE of first, group INQUORATE", "UNKNOWN of next, group UNKNOWN", "ring next");
	}

	@Test
	void withTheConnectionOfTheGroupNothingIsKnown() {
		CpgGroup group = start("orders");
		this.quorum.connection().report(this.ring, true, 1L);
		awaitEvents("QUORATE of first, group QUORATE");
		this.node.daemon().kill();
		awaitEvents("disconnected, group UNKNOWN");
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		await().until(() -> !this.quorum.connection().isOpen());
	}

	@Test
	void aLostConnectionIsOpenedAgain() {
		CpgGroup group = start("orders");
		ScriptedQuorumConnection first = this.quorum.connection();
		first.report(this.ring, true, 1L);
		awaitEvents("QUORATE of first, group QUORATE");
		first.lose();
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		awaitEvents("UNKNOWN of first, group UNKNOWN");
		await().until(() -> this.quorum.connections().size() == 2);
		this.quorum.connection().report(this.ring, true, 1L);
		awaitEvents("QUORATE of first, group QUORATE");
		first.report(this.ring, false, 1L);
		assertThat(group.getQuorum()).isEqualTo(QUORATE);
		assertThat(group.getState()).isEqualTo(State.JOINED);
	}

	@Test
	void aRefusedConnectionIsLoggedOnceAndTriedAgain(CapturedOutput output) {
		this.quorum.refuse(() -> new CorosyncException(CsError.ACCESS, "Not for you"));
		CpgGroup group = start("orders");
		await().until(() -> this.quorum.attempts() > 2);
		assertThat(group.getState()).isEqualTo(State.JOINED);
		assertThat(group.getQuorum()).isEqualTo(UNKNOWN);
		this.quorum.refuse(null);
		this.quorum.connection().report(this.ring, true, 1L);
		awaitEvents("QUORATE of first, group QUORATE");
		assertThat(output.getAll()).containsOnlyOnce("Whether the ring is quorate is not known");
	}

	@Test
	void anEngineWithoutTheServiceIsNotAskedAgain(CapturedOutput output) {
		this.quorum.refuse(() -> new CorosyncException(CsError.NOT_SUPPORTED, "There is none"));
		CpgGroup group = start("orders");
		await().until(() -> this.quorum.attempts() == 1);
		this.node.restart();
		await().until(() -> this.node.connections().size() == 2 && group.getState() == State.JOINED);
		start("invoices");
		assertThat(this.quorum.attempts()).isEqualTo(1);
		assertThat(output.getAll()).containsOnlyOnce("Whether the ring is quorate is not known");
	}

	@Test
	void groupsShareAConnectionUntilTheLastOneEnds() {
		CpgGroup orders = start("orders");
		ScriptedQuorumConnection shared = this.quorum.connection();
		shared.report(this.ring, true, 1L);
		CpgGroup invoices = start("invoices");
		assertThat(invoices.getQuorum()).isEqualTo(QUORATE);
		this.memberships.get(0).stop();
		assertThat(orders.getQuorum()).isEqualTo(UNKNOWN);
		shared.report(this.ring, false, 1L);
		assertThat(invoices.getQuorum()).isEqualTo(INQUORATE);
		assertThat(shared.isOpen()).isTrue();
		this.memberships.get(1).stop();
		assertThat(shared.isOpen()).isFalse();
		assertThat(this.quorum.connections()).hasSize(1);
	}

	@Test
	void theLogSaysWhenTheQuorumIsLostAndWhenItIsBack(CapturedOutput output) {
		start("orders");
		this.quorum.connection().report(this.ring, true, 1L);
		assertThat(output.getAll()).doesNotContain("INFO  [main] dev.cpg.membership There is a quorum")
			.doesNotContain("There is no quorum");
		this.quorum.connection().report(this.next, false, 1L);
		this.quorum.connection().report(new RingId(1, 49), false, 1L);
		assertThat(output.getAll()).containsOnlyOnce("There is no quorum: ring " + this.next
				+ " has only the nodes [1], and the cluster may go on without them");
		this.quorum.connection().report(new RingId(1, 50), true, 1L, 2L);
		assertThat(output.getAll())
			.containsOnlyOnce("There is a quorum: ring 1.32 with the nodes [1, 2] may act for the cluster");
	}

	private CpgGroup start(String name) {
		CpgMembershipSettings settings = new CpgMembershipSettings(false, Duration.ofSeconds(5), Duration.ofSeconds(5),
				new ExponentialBackOff(10, 1), Duration.ofSeconds(1), Duration.ofSeconds(30));
		CpgMembership membership = CpgMembership.builder(this.quorum, CpgGroupName.of(name), settings, this::published)
			.quorum(this.monitor)
			.build();
		this.memberships.add(membership);
		membership.start();
		await().until(() -> membership.getGroup().getRingNodeIds().equals(List.of(1L)));
		this.ring = membership.getGroup().getRing();
		this.next = new RingId(1, this.ring.sequence() + 4);
		return membership.getGroup();
	}

	private void published(Object event) {
		this.listener.accept(event);
		CpgQuorumState quorum = this.memberships.get(this.memberships.size() - 1).getGroup().getQuorum();
		if (event instanceof CpgQuorumChangeEvent change) {
			this.events.add("%s of %s, group %s".formatted(change.getQuorum(), name(change.getView().ring()), quorum));
		}
		else if (event instanceof CpgTotemConfigurationChangeEvent change && this.next.equals(change.getRing())) {
			this.events.add("ring next");
		}
		else if (event instanceof CpgDisconnectedEvent) {
			this.events.add("disconnected, group " + quorum);
		}
	}

	private String name(RingId ring) {
		return ring.equals(this.next) ? "next" : ring.equals(this.ring) ? "first" : ring.toString();
	}

	private void awaitEvents(String... expected) {
		await().untilAsserted(() -> assertThat(this.events).containsExactly(expected));
		this.events.clear();
	}

	private void ringOfTwo() {
		this.node.cluster().heal();
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
