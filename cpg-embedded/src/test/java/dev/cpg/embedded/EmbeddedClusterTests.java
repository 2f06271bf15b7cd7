package dev.cpg.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a cluster does, step by step.
 */
class EmbeddedClusterTests {

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final List<EmbeddedCluster> clusters = new ArrayList<>();

	@AfterEach
	void closeClusters() {
		this.clusters.forEach(EmbeddedCluster::close);
	}

	private EmbeddedCluster cluster(int nodes) {
		return cluster(EmbeddedCluster.builder().nodes(nodes).seed(1));
	}

	private EmbeddedCluster cluster(EmbeddedCluster.Builder builder) {
		EmbeddedCluster cluster = builder.start();
		this.clusters.add(cluster);
		return cluster;
	}

	private static Member join(EmbeddedCluster cluster, int node, long id) {
		return join(cluster, node, id, GROUP);
	}

	private static Member join(EmbeddedCluster cluster, int node, long id, CpgGroupName group) {
		Recorder recorder = new Recorder();
		CpgConnection connection = cluster.node(node).connector(id).connect(recorder);
		connection.join(group, LIMIT);
		cluster.settle();
		return new Member(connection, recorder);
	}

	@Test
	void aJoinIsReportedToTheNewMemberAndThenItsRing() {
		EmbeddedCluster cluster = cluster(3);
		join(cluster, 2, 20);
		Member member = join(cluster, 1, 10);
		assertThat(member.events()).containsExactly("+ 1/10 JOIN", "members [1/10, 2/20]", "nodes [1, 2, 3]");
		assertThat(member.connection.view().members()).containsExactly(new CpgAddress(1, 10), new CpgAddress(2, 20));
		assertThat(member.connection.view().ring()).isEqualTo(member.recorder.ring().ring());
		assertThat(member.connection.localAddress()).isEqualTo(new CpgAddress(1, 10));
	}

	@Test
	void theOthersAreNotifiedWhyAMemberCameAndWent() {
		EmbeddedCluster cluster = cluster(3);
		Member observer = join(cluster, 1, 10);
		observer.recorder.newEvents();

		Member leaver = join(cluster, 2, 20);
		leaver.connection.leave(LIMIT);
		cluster.settle();
		assertThat(observer.recorder.newEvents()).containsExactly("+ 2/20 JOIN", "members [1/10, 2/20]", "- 2/20 LEAVE",
				"members [1/10]");

		join(cluster, 2, 21).connection.close();
		cluster.settle();
		assertThat(observer.recorder.newEvents()).contains("- 2/21 PROCDOWN");

		join(cluster, 3, 30);
		join(cluster, 3, 31);
		observer.recorder.newEvents();
		cluster.node(3).kill();
		cluster.settle();
		assertThat(observer.recorder.newEvents()).containsExactly("- 3/30 NODEDOWN", "- 3/31 NODEDOWN",
				"members [1/10]", "nodes [1, 2]");
	}

	@Test
	void theLeaverIsNotifiedOfItsLeaveAndMayJoinAgain() {
		EmbeddedCluster cluster = cluster(2);
		join(cluster, 1, 10);
		Member leaver = join(cluster, 2, 20);
		leaver.recorder.newEvents();
		leaver.connection.leave(LIMIT);
		assertThat(leaver.connection.view()).isEqualTo(CpgView.NONE);
		cluster.settle();
		assertThat(leaver.recorder.newEvents()).containsExactly("- 2/20 LEAVE", "members [1/10]");
		leaver.connection.join(GROUP, LIMIT);
		cluster.settle();
		assertThat(leaver.recorder.newEvents()).containsExactly("+ 2/20 JOIN", "members [1/10, 2/20]", "nodes [1, 2]");
	}

	@Test
	void allMembersReceiveAllMessagesInOneOrder() {
		EmbeddedCluster cluster = cluster(3);
		List<Member> members = List.of(join(cluster, 1, 10), join(cluster, 2, 20), join(cluster, 3, 30));
		List<CompletableFuture<CpgView>> sent = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			for (Member member : members) {
				sent.add(member.send("message-" + i + "-of-" + member.connection.localNodeId()));
			}
			cluster.run(5);
		}
		cluster.settle();
		List<String> order = members.get(0).recorder.messages();
		assertThat(order).hasSize(150);
		assertThat(members).allSatisfy((member) -> assertThat(member.recorder.messages()).isEqualTo(order));
		assertThat(sent).allSatisfy((outcome) -> assertThat(outcome.join().members()).hasSize(3));
	}

	@Test
	void eachSideOfACutGoesOnByItselfAndAMergeShowsAsNodeup() {
		EmbeddedCluster cluster = cluster(3);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		Member three = join(cluster, 3, 30);
		one.recorder.newEvents();
		three.recorder.newEvents();

		cluster.partition(Set.of(1), Set.of(2, 3));
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("- 2/20 NODEDOWN", "- 3/30 NODEDOWN", "members [1/10]",
				"nodes [1]");
		assertThat(three.recorder.newEvents()).containsExactly("- 1/10 NODEDOWN", "members [2/20, 3/30]",
				"nodes [2, 3]");

		one.send("of-one");
		two.send("of-two");
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("of-one");
		assertThat(three.recorder.newEvents()).containsExactly("of-two");

		cluster.heal();
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("+ 2/20 NODEUP", "+ 3/30 NODEUP",
				"members [1/10, 2/20, 3/30]", "nodes [1, 2, 3]");
		assertThat(three.recorder.newEvents()).containsExactly("+ 1/10 NODEUP", "members [1/10, 2/20, 3/30]",
				"nodes [1, 2, 3]");
		assertThat(two.connection.view()).isEqualTo(one.connection.view());
	}

	@Test
	void nodesThatReachAThirdOneAndNotEachOtherAreInDifferentRingsWhichIsChance() {
		Set<List<Long>> ringsOfTwo = new HashSet<>();
		for (int seed = 0; seed < 20; seed++) {
			EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().nodes(3).seed(seed));
			Member one = join(cluster, 1, 10);
			Member two = join(cluster, 2, 20);
			Member three = join(cluster, 3, 30);
			RingId before = two.recorder.ring().ring();
			cluster.partition(Set.of(1, 2), Set.of(2, 3));
			CompletableFuture<CpgView> sent = two.send("of-two");
			cluster.settle();
			assertThat(one.recorder.ring().nodeIds()).doesNotContain(3L);
			assertThat(three.recorder.ring().nodeIds()).doesNotContain(1L);
			// They have formed more than once.
			assertThat(two.recorder.ring().ring().sequence()).isGreaterThan(before.sequence() + 4);
			ringsOfTwo.add(two.recorder.ring().nodeIds());
			assertThat(sent).isCompleted();

			cluster.heal();
			cluster.settle();
			assertThat(one.recorder.ring().nodeIds()).containsExactly(1L, 2L, 3L);
			assertThat(three.connection.view()).isEqualTo(one.connection.view());
		}
		assertThat(ringsOfTwo).containsExactlyInAnyOrder(List.of(1L, 2L), List.of(2L, 3L));
	}

	@Test
	void aRingThatDoesNotStayLongEnoughNotifiesNobody() {
		int changes = 0;
		int formed = 0;
		for (int seed = 0; seed < 50; seed++) {
			EmbeddedCluster cluster = cluster(
					EmbeddedCluster.builder().nodes(3).seed(seed).formationDelay(Duration.ZERO));
			Member two = join(cluster, 2, 20);
			two.recorder.newEvents();
			int before = cluster.history().split("is formed", -1).length;
			for (int i = 0; i < 5; i++) {
				cluster.partition(Set.of(1, 2), Set.of(2, 3));
				cluster.run(10);
				cluster.heal();
				cluster.run(10);
			}
			cluster.settle();
			formed += cluster.history().split("is formed", -1).length - before;
			changes += (int) two.recorder.newEvents().stream().filter((event) -> event.startsWith("nodes")).count();
		}
		assertThat(changes).isLessThan(formed / 2).isGreaterThan(50);
	}

	@Test
	void aNodeThatDoesNotHearAnotherIsNotHeardEither() {
		EmbeddedCluster cluster = cluster(3);
		Member one = join(cluster, 1, 10);
		Member three = join(cluster, 3, 30);
		cluster.cut(1, 3);
		cluster.cut(2, 3);
		cluster.settle();
		assertThat(one.recorder.ring().nodeIds()).containsExactly(1L, 2L);
		assertThat(three.recorder.ring().nodeIds()).containsExactly(3L);
		cluster.partition(Set.of(1), Set.of(2, 3));
		cluster.settle();
		assertThat(one.recorder.ring().nodeIds()).containsExactly(1L);
		assertThat(three.recorder.ring().nodeIds()).containsExactly(2L, 3L);
	}

	@Test
	void bothSidesOfACutCountToTheSameSequence() {
		EmbeddedCluster cluster = cluster(2);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		RingId before = one.recorder.ring().ring();
		cluster.partition(Set.of(1), Set.of(2));
		cluster.settle();
		assertThat(one.recorder.ring().ring()).isEqualTo(new RingId(1, before.sequence() + 4));
		assertThat(two.recorder.ring().ring()).isEqualTo(new RingId(2, before.sequence() + 4));
		cluster.heal();
		cluster.settle();
		assertThat(one.recorder.ring().ring()).isEqualTo(new RingId(1, before.sequence() + 8));
	}

	@Test
	void aPausedNodeIsNeverNotifiedOfTheRingsMeanwhile() {
		EmbeddedCluster cluster = cluster(3);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		one.recorder.newEvents();
		two.recorder.newEvents();

		cluster.node(2).pause();
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("- 2/20 NODEDOWN", "members [1/10]", "nodes [1, 3]");
		cluster.node(3).kill();
		cluster.settle();
		one.send("while-two-was-paused");
		cluster.settle();
		assertThat(two.events()).isEmpty();
		assertThat(two.connection.view().members()).hasSize(2);

		cluster.node(2).resume();
		cluster.settle();
		assertThat(two.recorder.newEvents()).containsExactly("- 1/10 NODEDOWN", "members [2/20]", "+ 1/10 NODEUP",
				"members [1/10, 2/20]", "nodes [1, 2]");
		assertThat(one.recorder.newEvents()).containsExactly("nodes [1]", "while-two-was-paused", "+ 2/20 NODEUP",
				"members [1/10, 2/20]", "nodes [1, 2]");
	}

	@Test
	void whatIsSentOnAPausedNodeReachesEveryoneInTheNextRingOrNobodyElse() {
		Set<List<String>> received = new HashSet<>();
		for (int seed = 0; seed < 50; seed++) {
			EmbeddedCluster cluster = cluster(
					EmbeddedCluster.builder().nodes(2).seed(seed).formationDelay(Duration.ZERO));
			Member one = join(cluster, 1, 10);
			Member two = join(cluster, 2, 20);
			CpgView before = two.connection.view();
			cluster.node(2).pause();
			cluster.settle();
			CompletableFuture<CpgView> sent = two.send("late");
			cluster.run(100);
			assertThat(sent).isNotDone();
			cluster.node(2).resume();
			cluster.settle();
			received.add(one.recorder.messages());
			assertThat(two.recorder.messages()).containsExactly("late");
			assertThat(sent.join()).isEqualTo(one.recorder.messages().isEmpty() ? before : one.connection.view());
		}
		assertThat(received).containsExactlyInAnyOrder(List.of(), List.of("late"));
	}

	@Test
	void whatADaemonHasQueuedBeforeAMergeMayReachOnlyThoseWhoStayedTogether() {
		Set<List<String>> received = new HashSet<>();
		for (int seed = 0; seed < 100; seed++) {
			EmbeddedCluster cluster = cluster(
					EmbeddedCluster.builder().nodes(3).seed(seed).formationDelay(Duration.ZERO));
			Member one = join(cluster, 1, 10);
			Member two = join(cluster, 2, 20);
			Member three = join(cluster, 3, 30);
			cluster.partition(Set.of(1, 2), Set.of(3));
			cluster.settle();
			CompletableFuture<CpgView> sent = one.send("queued");
			cluster.heal();
			cluster.settle();
			assertThat(sent.join().members()).contains(new CpgAddress(1, 10), new CpgAddress(2, 20));
			assertThat(two.recorder.messages()).containsExactly("queued");
			received.add(three.recorder.messages());
		}
		assertThat(received).containsExactlyInAnyOrder(List.of(), List.of("queued"));
	}

	@Test
	void aMessageThatTheDaemonDropsIsLost() {
		EmbeddedCluster cluster = cluster(2);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		cluster.node(1).dropNext();
		CompletableFuture<CpgView> first = one.send("first");
		CompletableFuture<CpgView> second = one.send("second");
		cluster.settle();
		assertThat(outcome(first)).isEqualTo(Outcome.LOST);
		assertThat(second).isCompletedWithValue(one.connection.view());
		assertThat(two.recorder.messages()).containsExactly("second");
	}

	@Test
	void theLastMessagesBeforeACutAreDeliveredAtHomeOnly() {
		EmbeddedCluster cluster = cluster(2);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		one.send("before");
		cluster.settle();
		cluster.partition(Set.of(1), Set.of(2));
		CompletableFuture<CpgView> sent = one.send("after");
		cluster.settle();
		assertThat(sent.join().members()).containsExactly(new CpgAddress(1, 10), new CpgAddress(2, 20));
		assertThat(one.recorder.messages()).containsExactly("before", "after");
		assertThat(two.recorder.messages()).containsExactly("before");
	}

	@Test
	void aMessageAroundACutReachesAllOrItsNodeAloneOrComesInTheNextView() {
		Set<String> seen = new HashSet<>();
		for (int seed = 0; seed < 200; seed++) {
			EmbeddedCluster cluster = cluster(
					EmbeddedCluster.builder().nodes(2).seed(seed).formationDelay(Duration.ZERO));
			Member one = join(cluster, 1, 10);
			Member two = join(cluster, 2, 20);
			CpgView before = one.connection.view();
			CompletableFuture<CpgView> sent = one.send("message");
			cluster.run(seed % 8);
			cluster.partition(Set.of(1), Set.of(2));
			cluster.settle();
			String receivers = two.recorder.messages().isEmpty() ? "one" : "both";
			seen.add(receivers + (sent.join().equals(before) ? " in the old view" : " in the new view"));
		}
		assertThat(seen).containsExactlyInAnyOrder("both in the old view", "one in the old view",
				"one in the new view");
	}

	@Test
	void whatOneOfTheSurvivorsHasReceivedAllOfThemDeliver() {
		EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().nodes(3).seed(3).formationDelay(Duration.ZERO));
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		Member three = join(cluster, 3, 30);
		for (int i = 0; i < 30; i++) {
			three.send("message-" + i);
		}
		while (one.recorder.messages().size() < 5) {
			cluster.run(1);
		}
		cluster.node(3).kill();
		cluster.settle();
		assertThat(one.recorder.messages()).isNotEmpty().isEqualTo(two.recorder.messages());
	}

	@Test
	void anOrderlyStopLosesNothingThatWasDeliveredAtHome() {
		EmbeddedCluster cluster = cluster(2);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		for (int i = 0; i < 30; i++) {
			one.send("message-" + i);
		}
		while (one.recorder.messages().size() < 10) {
			cluster.run(1);
		}
		cluster.node(1).stop();
		cluster.settle();
		assertThat(two.recorder.messages()).containsAll(one.recorder.messages());
		assertThat(two.events()).endsWith("- 1/10 PROCDOWN", "members [2/20]", "nodes [2]");
		assertThat(one.events()).endsWith("closed CS_ERR_LIBRARY").doesNotContain("- 1/10 PROCDOWN");
	}

	@Test
	void aMemberThatJoinsBetweenFragmentsIsNotInTheOutcome() {
		for (int seed = 0; seed < 200; seed++) {
			EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().nodes(2).seed(seed).maxAtomicMessageSize(8));
			Member one = join(cluster, 1, 10);
			EmbeddedConnection sender = (EmbeddedConnection) one.connection;
			Multicast sent = sender.startMulticast("a-message-in-pieces".getBytes(StandardCharsets.UTF_8), LIMIT);
			cluster.run(seed % 20);
			Member two = join(cluster, 2, 20);
			CpgView view = sent.future().join();
			CpgView now = one.connection.view();
			if (two.connection.statistics().droppedMessages() == 1) {
				assertThat(view.members()).containsExactly(new CpgAddress(1, 10));
				assertThat(now.members()).hasSize(2);
				assertThat(one.recorder.messages()).containsExactly("a-message-in-pieces");
				assertThat(one.events().indexOf("a-message-in-pieces"))
					.isGreaterThan(one.events().indexOf("+ 2/20 JOIN"));
				assertThat(two.recorder.messages()).isEmpty();
				return;
			}
		}
		throw new AssertionError("No seed shows it");
	}

	@Test
	void aMessageInFragmentsIsSentAgainIfTheMembersChange() {
		for (int seed = 0; seed < 200; seed++) {
			EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().nodes(2).seed(seed).maxAtomicMessageSize(2));
			Member one = join(cluster, 1, 10);
			EmbeddedConnection sender = (EmbeddedConnection) one.connection;
			Multicast sent = sender.startMulticast("a-message-in-pieces".getBytes(StandardCharsets.UTF_8), LIMIT);
			cluster.run(3);
			boolean begun = sent.offset() > 0;
			Member two = join(cluster, 2, 20);
			if (begun && two.recorder.messages().contains("a-message-in-pieces")) {
				assertThat(sent.future().join().members()).hasSize(2);
				assertThat(one.recorder.messages()).containsExactly("a-message-in-pieces");
				return;
			}
		}
		throw new AssertionError("No seed shows it");
	}

	@Test
	void aDaemonThatTakesNoMulticastsHasSendersWaitOrTryAgain() {
		EmbeddedCluster cluster = cluster(1);
		Member member = join(cluster, 1, 10);
		cluster.node(1).refuseMulticasts();
		assertThat(member.connection.flowControl()).isEqualTo(CpgFlowControl.NO_MULTICAST);
		byte[] message = "message".getBytes(StandardCharsets.UTF_8);
		assertThat(member.connection.tryMulticast(message)).isNull();
		assertThatExceptionOfType(CorosyncException.class)
			.isThrownBy(() -> member.connection.multicast(message, Duration.ofMillis(10)))
			.extracting(CorosyncException::error)
			.isEqualTo(CsError.TRY_AGAIN);
		cluster.node(1).acceptMulticasts();
		assertThat(member.connection.tryMulticast(message)).isNotNull();
		cluster.settle();
		assertThat(member.recorder.messages()).containsExactly("message");
	}

	@Test
	void timePassesByTheClockOfTheCluster() {
		EmbeddedCluster cluster = cluster(
				EmbeddedCluster.builder().nodes(2).seed(1).formationDelay(Duration.ofMillis(100)));
		Member member = join(cluster, 1, 10);
		cluster.settle();
		cluster.node(2).kill();
		cluster.advance(Duration.ofMillis(99));
		assertThat(member.recorder.ring().nodeIds()).containsExactly(1L, 2L);
		cluster.advance(Duration.ofMillis(2));
		assertThat(member.recorder.ring().nodeIds()).containsExactly(1L);
	}

	@Test
	void aLostNodeIsGivenUpNoSoonerBecauseAnotherOneIsStopped() {
		EmbeddedCluster cluster = cluster(
				EmbeddedCluster.builder().nodes(4).seed(1).formationDelay(Duration.ofMillis(100)));
		Member member = join(cluster, 4, 40);
		cluster.settle();
		cluster.node(1).pause();
		cluster.node(2).stop();
		cluster.advance(Duration.ofMillis(99));
		assertThat(member.recorder.ring().nodeIds()).containsExactly(1L, 2L, 3L, 4L);
		cluster.advance(Duration.ofMillis(2));
		assertThat(member.recorder.ring().nodeIds()).containsExactly(3L, 4L);
	}

	@Test
	void aWipedNodeCountsItsRingsFromTheBegin() {
		EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().nodes(1).seed(1));
		RingId first = join(cluster, 1, 10).recorder.ring().ring();
		cluster.node(1).wipe();
		cluster.node(1).kill();
		cluster.node(1).start();
		assertThat(join(cluster, 1, 10).recorder.ring().ring()).isNotEqualTo(first);
		cluster.node(1).kill();
		cluster.node(1).wipe();
		cluster.node(1).start();
		assertThat(join(cluster, 1, 10).recorder.ring().ring()).isEqualTo(first);
	}

	@Test
	void noMulticastsAreTakenWhileANewRingSynchronizes() {
		EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().nodes(2).seed(1).formationDelay(Duration.ZERO));
		Member member = join(cluster, 1, 10);
		cluster.node(2).kill();
		List<CpgFlowControl> seen = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			cluster.run(1);
			seen.add(member.connection.flowControl());
		}
		assertThat(seen).contains(CpgFlowControl.NO_MULTICAST).endsWith(CpgFlowControl.OPEN);
	}

	@Test
	void theEndOfTheDaemonEndsItsConnections() {
		EmbeddedCluster cluster = cluster(2);
		Member member = join(cluster, 1, 10);
		cluster.node(1).pause();
		CompletableFuture<CpgView> sent = member.send("never-taken");
		cluster.node(1).kill();
		cluster.settle();
		assertThat(outcome(sent)).isEqualTo(Outcome.UNKNOWN);
		assertThat(member.events()).endsWith("closed CS_ERR_LIBRARY");
		assertThat(member.connection.isOpen()).isFalse();
		assertThat(member.connection.failure()).isSameAs(member.recorder.cause());
		assertThat(member.connection.view()).isEqualTo(CpgView.NONE);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> member.send("too-late"))
			.extracting(CorosyncException::error)
			.isEqualTo(CsError.BAD_HANDLE);
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(() -> join(cluster, 1, 11))
			.extracting(CorosyncConnectException::reason)
			.isEqualTo(Reason.NOT_RUNNING);

		cluster.node(1).start();
		Member again = join(cluster, 1, 12);
		cluster.settle();
		assertThat(again.recorder.ring().nodeIds()).containsExactly(1L, 2L);
	}

	@Test
	void aProcessThatIsGoneLeavesNoGhostWhereverItEnds() {
		for (int seed = 0; seed < 300; seed++) {
			EmbeddedCluster cluster = cluster(
					EmbeddedCluster.builder().nodes(3).seed(seed).formationDelay(Duration.ZERO));
			Member one = join(cluster, 1, 10);
			Member two = join(cluster, 2, 20);
			cluster.node(3).kill();
			cluster.run(seed % 15);
			two.connection.close();
			cluster.settle();
			assertThat(one.connection.view().members()).as("seed %d", seed).containsExactly(new CpgAddress(1, 10));
		}
	}

	@Test
	void aGhostIsCountedUntilItsNodeComesBackWithAnotherDaemon() {
		EmbeddedCluster cluster = cluster(3);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		one.recorder.newEvents();
		cluster.leaveGhost(two.connection.localAddress());
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.leaveGhost(two.connection.localAddress()));
		cluster.settle();
		assertThat(two.events()).endsWith("closed CS_ERR_LIBRARY");
		Member another = join(cluster, 2, 21);
		another.connection.close();
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("+ 2/21 JOIN", "members [1/10, 2/20, 2/21]",
				"- 2/21 PROCDOWN", "members [1/10, 2/20]");
		assertError(CsError.TRY_AGAIN, () -> join(cluster, 2, 20));

		cluster.partition(Set.of(1), Set.of(2));
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("nodes [1]");
		cluster.heal();
		cluster.settle();
		cluster.node(2).kill();
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("nodes [1, 2, 3]", "nodes [1, 3]");
		assertThat(one.connection.view().members()).containsExactly(new CpgAddress(1, 10), new CpgAddress(2, 20));

		cluster.node(2).start();
		cluster.settle();
		assertThat(one.recorder.newEvents()).containsExactly("- 2/20 NODEDOWN", "members [1/10]", "nodes [1, 2, 3]");
		join(cluster, 2, 20);
		assertThat(one.recorder.newEvents()).containsExactly("+ 2/20 JOIN", "members [1/10, 2/20]");
	}

	@Test
	void theNextMessageThatIsAsDescribedIsDropped() {
		EmbeddedCluster cluster = cluster(2);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		cluster.dropNext((message) -> message.group().equals(GROUP) && message.sender().nodeId() == 2
				&& new String(message.payload(), StandardCharsets.UTF_8).startsWith("b")
				&& message.view().members().size() == 2);
		cluster.dropNext((message) -> {
			throw new IllegalStateException("on purpose");
		});
		List<CompletableFuture<CpgView>> ofTwo = List.of(two.send("a1"), two.send("b1"), two.send("b2"));
		one.send("b3");
		cluster.settle();
		assertThat(outcome(ofTwo.get(1))).isEqualTo(Outcome.LOST);
		assertThat(two.recorder.messages()).containsExactlyInAnyOrder("a1", "b2", "b3")
			.isEqualTo(one.recorder.messages());
		cluster.dropNext((message) -> true);
		cluster.restore();
		two.send("after");
		cluster.settle();
		assertThat(one.recorder.messages()).endsWith("after");
	}

	@Test
	void aMemberIdThatIsSetIsRefusedTwiceOnANodeAndOthersAreFree() {
		EmbeddedCluster cluster = cluster(2);
		join(cluster, 1, 10);
		join(cluster, 2, 10);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> join(cluster, 1, 10))
			.extracting(CorosyncException::error)
			.isEqualTo(CsError.EXIST);
		for (int i = 1; i <= 3; i++) {
			CpgConnection connection = cluster.node(1).connector().connect(new Recorder());
			connection.join(GROUP, LIMIT);
			assertThat(connection.localAddress()).isEqualTo(new CpgAddress(1, i));
		}
	}

	@Test
	void aMemberMayFollowOneOfTheSameIdThatHasEnded() {
		EmbeddedCluster cluster = cluster(2);
		Member observer = join(cluster, 2, 20);
		join(cluster, 1, 10).connection.close();
		observer.recorder.newEvents();
		join(cluster, 1, 10);
		assertThat(observer.recorder.newEvents()).containsExactly("- 1/10 PROCDOWN", "members [2/20]", "+ 1/10 JOIN",
				"members [1/10, 2/20]");
	}

	@Test
	void aNodeHasAtMost128MembersOfAGroup() {
		EmbeddedCluster cluster = cluster(1);
		for (int i = 1; i <= CpgView.MAX_MEMBERS_OF_NODE; i++) {
			cluster.node(1).connector(i).connect(new Recorder()).join(GROUP, LIMIT);
		}
		CpgConnection another = cluster.node(1).connector(1000).connect(new Recorder());
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> another.join(GROUP, LIMIT))
			.extracting(CorosyncException::error)
			.isEqualTo(CsError.NO_RESOURCES);
		another.join(CpgGroupName.of("other"), LIMIT);
	}

	@Test
	void aNameWithANulIsAnotherGroup() {
		EmbeddedCluster cluster = cluster(1);
		Member plain = join(cluster, 1, 10);
		CpgGroupName terminated = CpgGroupName.ofTerminated("orders");
		Member other = join(cluster, 1, 10, terminated);
		plain.send("plain");
		cluster.settle();
		assertThat(other.recorder.messages()).isEmpty();
		assertThat(plain.connection.groups())
			.isEqualTo(Map.of(GROUP, List.of(new CpgAddress(1, 10)), terminated, List.of(new CpgAddress(1, 10))));
		assertThat(other.connection.membership(GROUP)).containsExactly(new CpgAddress(1, 10));
		assertThat(other.connection.membership(CpgGroupName.of("none"))).isEmpty();
	}

	@Test
	void callsThatCannotBeSayWhy() {
		EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().seed(1).maxAtomicMessageSize(10));
		CpgConnection connection = EmbeddedConnector.builder(cluster.node(1))
			.maxMessageSize(100)
			.build()
			.connect(new Recorder());
		assertError(CsError.NOT_EXIST, () -> connection.multicast(new byte[1]));
		assertError(CsError.NOT_EXIST, () -> connection.leave(LIMIT));
		connection.join(GROUP, LIMIT);
		assertError(CsError.EXIST, () -> connection.join(GROUP, LIMIT));
		assertError(CsError.TOO_BIG, () -> connection.multicast(new byte[101]));
		assertError(CsError.TOO_BIG, () -> connection.tryMulticast(new byte[11]));
		connection.close();
		assertError(CsError.BAD_HANDLE, () -> connection.join(GROUP, LIMIT));
		assertError(CsError.BAD_HANDLE, connection::groups);
	}

	@Test
	void aJoinOnAPausedNodeEndsAtItsTimeLimitAndWithItTheConnection() {
		EmbeddedCluster cluster = cluster(2);
		CpgConnection connection = cluster.node(1).connector().connect(new Recorder());
		cluster.node(1).pause();
		assertError(CsError.TIMEOUT, () -> connection.join(GROUP, LIMIT));
		assertThat(connection.isOpen()).isFalse();
	}

	private static void assertError(CsError error, Runnable call) {
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(call::run)
			.extracting(CorosyncException::error)
			.isEqualTo(error);
	}

	@Test
	void aListenerMaySendButNotJoinOrLeaveAndSeesTheViewThatItIsNotifiedOf() {
		EmbeddedCluster cluster = cluster(1);
		List<Object> seen = new ArrayList<>();
		CpgConnection[] connection = new CpgConnection[1];
		Recorder recorder = new Recorder() {

			@Override
			public void configurationChanged(CpgConfigurationChange change) {
				super.configurationChanged(change);
				seen.add(connection[0].view().equals(change.view()));
				connection[0].multicast("of-the-listener".getBytes(StandardCharsets.UTF_8));
				assertError(CsError.BAD_OPERATION, () -> connection[0].leave(LIMIT));
				seen.add("done");
			}

		};
		connection[0] = cluster.node(1).connector().connect(recorder);
		connection[0].join(GROUP, LIMIT);
		cluster.settle();
		assertThat(seen).containsExactly(true, "done");
		assertThat(recorder.messages()).containsExactly("of-the-listener");
	}

	@Test
	void aListenerThatThrowsIsNotifiedOfTheNextEvent() {
		EmbeddedCluster cluster = cluster(1);
		Recorder recorder = new Recorder() {

			@Override
			public void delivered(CpgMessage message) {
				super.delivered(message);
				throw new IllegalStateException("on purpose");
			}

		};
		CpgConnection connection = cluster.node(1).connector().connect(recorder);
		connection.join(GROUP, LIMIT);
		connection.multicast(new byte[] { '1' });
		connection.multicast(new byte[] { '2' });
		cluster.settle();
		assertThat(recorder.messages()).containsExactly("1", "2");
	}

	@Test
	void whoeverWaitsForAnOutcomeRunsTheClusterMeanwhile() throws Exception {
		EmbeddedCluster cluster = cluster(2);
		Member one = join(cluster, 1, 10);
		Member two = join(cluster, 2, 20);
		assertThat(one.send("first").join()).isEqualTo(one.connection.view());
		assertThat(one.send("second").get()).isEqualTo(one.connection.view());
		assertThat(one.send("third").thenCompose((view) -> two.send("fourth"))).succeedsWithin(LIMIT);
		assertThat(one.send("fifth").thenApply((view) -> one.send("sixth").join())).succeedsWithin(LIMIT);
		assertThat(one.send("seventh").thenApplyAsync(CpgView::members).join()).hasSize(2);
		cluster.settle();
		assertThat(two.recorder.messages()).containsExactly("first", "second", "third", "fourth", "fifth", "sixth",
				"seventh");
		cluster.node(1).pause();
		CompletableFuture<CpgView> stuck = one.send("stuck");
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> stuck.get(10, TimeUnit.MILLISECONDS));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(stuck::join)
			.withCauseInstanceOf(CpgSendException.class);
	}

	@Test
	void membersAreSortedByNodeAndId() {
		EmbeddedCluster cluster = cluster(3);
		join(cluster, 3, 5);
		join(cluster, 1, 4_000_000_000L);
		join(cluster, 1, 7);
		Member last = join(cluster, 2, 1);
		assertThat(last.connection.view().members()).containsExactly(new CpgAddress(1, 7),
				new CpgAddress(1, 4_000_000_000L), new CpgAddress(2, 1), new CpgAddress(3, 5));
	}

	@Test
	void theHistorySaysWhatHappenedInOrder() {
		EmbeddedCluster cluster = cluster(3);
		Member member = join(cluster, 2, 20);
		cluster.node(2).dropNext();
		member.send("dropped");
		member.send("delivered");
		cluster.settle();
		cluster.partition(Set.of(1, 2), Set.of(3));
		cluster.settle();
		cluster.heal();
		cluster.node(1).pause();
		member.connection.close();
		cluster.settle();
		cluster.node(1).resume();
		cluster.node(3).kill();
		cluster.close();
		assertThat(cluster.history()).containsSubsequence("node 1 is started", "of [1, 2, 3] is formed",
				"2/20 joins orders", "node 2 drops a multicast", "ordered: 1", "the network is cut", "[1, 2]",
				"of [1, 2] is formed", "the network is healed", "node 1 is paused", "2/20 leaves orders: PROCDOWN",
				"node 1 goes on", "node 3 is killed");
	}

	@Test
	void theHistoryIsBounded() {
		EmbeddedCluster cluster = cluster(1);
		for (int i = 0; i <= History.MAX_ENTRIES; i++) {
			cluster.node(1).dropNext(i % 2);
		}
		cluster.node(1).kill();
		assertThat(cluster.history().lines()).hasSize(History.MAX_ENTRIES + 1).first().asString().contains("forgotten");
		assertThat(cluster.history()).contains("node 1 is killed").doesNotContain("node 1 is started");
	}

	@Test
	void theClusterAndItsNodesHaveNames() {
		EmbeddedCluster cluster = cluster(EmbeddedCluster.builder().name("shop").nodeName(1, "north"));
		assertThat(cluster.node(1).connector().names()).isCompletedWithValue(new CpgNames("shop", Map.of(1L, "north")));
	}

	private static Outcome outcome(CompletableFuture<CpgView> sent) {
		return sent.handle((view, failure) -> ((CpgSendException) failure).outcome()).join();
	}

	/** A connection and what its listener was notified of. */
	private record Member(CpgConnection connection, Recorder recorder) {

		private List<String> events() {
			return this.recorder.events();
		}

		private CompletableFuture<CpgView> send(String text) {
			return this.connection.multicast(text.getBytes(StandardCharsets.UTF_8));
		}

	}

}
