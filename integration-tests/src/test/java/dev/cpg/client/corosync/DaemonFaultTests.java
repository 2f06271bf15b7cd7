package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A daemon that dies, stops answering or is not there. Every call ends within its time
 * limit, sends whose outcome is not known end as unknown, and a new connection joins
 * again.
 */
@CorosyncTest(nodes = 1)
@Timeout(120)
class DaemonFaultTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	DaemonFaultTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void whenTheDaemonIsKilledUnderLoadEveryFutureEndsAndTheListenerGetsTheCause() throws Exception {
		List<CompletableFuture<CpgView>> sends = new ArrayList<>();
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			Thread killer = new Thread(() -> this.cluster.node(1).kill());
			CorosyncException refused = null;
			for (int i = 0; refused == null; i++) {
				if (i == 20_000) {
					killer.start();
				}
				try {
					sends.add(member.send("message " + i));
				}
				catch (CorosyncException ex) {
					refused = ex;
				}
			}
			killer.join();
			assertThat(refused.error()).isIn(CsError.BAD_HANDLE, CsError.LIBRARY);
			assertThat(member.awaitClosed()).isNotNull().hasMessageContaining("orosync");
			assertThat(member.connection().isOpen()).isFalse();
			assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
			for (CompletableFuture<CpgView> send : sends) {
				assertEndsAsDeliveredOrUnknown(send);
			}
			assertThat(sends).hasSizeGreaterThan(20_000);
		}
	}

	private static void assertEndsAsDeliveredOrUnknown(CompletableFuture<CpgView> send) throws Exception {
		try {
			send.get(10, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			assertThat(ex.getCause()).isInstanceOfSatisfying(CpgSendException.class,
					(cause) -> assertThat(cause.outcome()).isEqualTo(Outcome.UNKNOWN));
		}
	}

	@Test
	void whenTheDaemonShutsDownTheListenerIsNotifiedToo() throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			this.cluster.node(1).stop();
			assertThat(member.awaitClosed()).isNotNull();
		}
	}

	@Test
	void aNewConnectionJoinsTheSameGroupWhenTheDaemonIsBack() throws Exception {
		try (Member before = Member.join(this.cluster.node(1), this.group)) {
			this.cluster.node(1).kill();
			before.awaitClosed();
			// Its sockets close one by one: for a moment it may hang up instead.
			Awaitility.await()
				.atMost(Member.LIMIT)
				.untilAsserted(() -> assertThatExceptionOfType(CorosyncConnectException.class)
					.isThrownBy(() -> Member.connect(this.cluster.node(1)))
					.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(CorosyncConnectException.Reason.NOT_RUNNING))
					.withMessageContaining("corosync is not running"));
			this.cluster.restore();
			long memberId = before.address().pid();
			try (Member after = Member.connect(this.cluster.node(1), (builder) -> builder.memberId(memberId))) {
				after.connection().join(this.group, Member.LIMIT);
				assertThat(after.send("again").get(10, TimeUnit.SECONDS).members()).containsExactly(after.address());
			}
		}
	}

	@Test
	void aDaemonThatDoesNotAnswerEndsEveryCallWithinItsLimit() throws Exception {
		Duration limit = Duration.ofMillis(500);
		Duration askLimit = Duration.ofSeconds(2);
		try (Member asking = Member.connect(this.cluster.node(1), (builder) -> builder.requestTimeout(askLimit));
				Member joining = Member.connect(this.cluster.node(1));
				Member sending = Member.connect(this.cluster.node(1), (builder) -> builder.sendTimeout(limit));
				Member leaving = Member.join(this.cluster.node(1), this.group)) {
			sending.connection().join(this.group, Member.LIMIT);
			this.cluster.node(1).pause();
			assertEndsWithin(askLimit, CsError.TIMEOUT, () -> asking.connection().membership(this.group));
			assertThat(asking.connection().isOpen()).as("open, although the next answer would be the wrong one")
				.isFalse();
			assertEndsWithin(limit, CsError.TIMEOUT, () -> joining.connection().join(this.group, limit));
			assertEndsWithin(limit, CsError.TIMEOUT, () -> leaving.connection().leave(limit));
			assertEndsWithin(limit, CsError.TIMEOUT,
					() -> Member.connect(this.cluster.node(1), (builder) -> builder.requestTimeout(limit)));
			CompletableFuture<CpgView> unheard = sending.send("unheard");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> unheard.get(10, TimeUnit.SECONDS))
				.havingCause()
				.isInstanceOfSatisfying(CpgSendException.class,
						(ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.UNKNOWN));
			byte[] large = new byte[sending.connection().limits().maxAtomicMessageSize() / 2];
			assertEndsWithin(limit.multipliedBy(3), CsError.TRY_AGAIN, () -> {
				for (int i = 0; i < 20; i++) {
					sending.connection().multicast(large);
				}
			});
			assertEndsWithin(Duration.ofSeconds(1), null, sending::close);
		}
		finally {
			this.cluster.node(1).resume();
		}
	}

	@Test
	void aSendLimitOfItsOwnEndsBeforeTheLongerOnesOfEarlierSends() throws Exception {
		try (Member sending = Member.join(this.cluster.node(1), this.group)) {
			this.cluster.node(1).pause();
			CompletableFuture<CpgView> patient = sending.send("patient");
			// The timer sleeps until the patient send is due.
			Thread.sleep(100);
			byte[] message = { 1, 2, 3 };
			CompletableFuture<CpgView> hasty = sending.connection().multicast(message, Duration.ofMillis(300));
			CompletableFuture<CpgView> trying = Objects
				.requireNonNull(sending.connection().tryMulticast(message, Duration.ofMillis(300)));
			for (CompletableFuture<CpgView> send : List.of(hasty, trying)) {
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> send.get(5, TimeUnit.SECONDS))
					.havingCause()
					.isInstanceOfSatisfying(CpgSendException.class,
							(ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.UNKNOWN));
			}
			assertThat(patient).isNotDone();
			this.cluster.node(1).resume();
			patient.get(10, TimeUnit.SECONDS);
		}
		finally {
			this.cluster.node(1).resume();
		}
	}

	/** Generous: the test shows that the call ends, on a busy machine too. */
	private static void assertEndsWithin(Duration limit, @Nullable CsError error, Runnable call) {
		long start = System.nanoTime();
		try {
			call.run();
			assertThat(error).isNull();
		}
		catch (CorosyncException ex) {
			assertThat(ex.error()).as(ex.getMessage()).isEqualTo(error);
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.plusSeconds(2));
	}

	@Test
	void aDaemonThatDiesBehindAFullQueueIsNoticedThoughTheListenerIsBusy() {
		CompletableFuture<Void> goOn = new CompletableFuture<>();
		try (Member member = Member.connect(this.cluster.node(1), (builder) -> builder.deliveryQueueCapacity(10_000))) {
			member.connection().join(this.group, Member.LIMIT);
			member.onMessage = goOn::join;
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			for (int i = 0; i < 500; i++) {
				sends.add(member.send("fills the queue " + i));
			}
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.connection().statistics().queuedBytes() > 9_000);
			this.cluster.node(1).kill();
			Awaitility.await().atMost(Member.LIMIT).until(() -> !member.connection().isOpen());
			assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
			Awaitility.await().atMost(Member.LIMIT).until(() -> sends.stream().allMatch(CompletableFuture::isDone));
			assertThat(member.closed).as("notified before the earlier events").isNotDone();
			goOn.complete(null);
			Awaitility.await().atMost(Member.LIMIT).until(member.closed::isDone);
		}
		finally {
			goOn.complete(null);
		}
	}

	@Test
	void aLeaveThatTimesOutBeforeItIsSentDoesNotEndTheMembership() {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			this.cluster.node(1).pause();
			Thread asking = new Thread(() -> member.connection().membership(this.group));
			asking.start();
			Awaitility.await().atMost(Member.LIMIT).until(() -> asking.getState() == Thread.State.TIMED_WAITING);
			assertEndsWithin(Duration.ofMillis(200), CsError.TIMEOUT,
					() -> member.connection().leave(Duration.ofMillis(200)));
			this.cluster.node(1).resume();
			assertThat(member.send("still a member").join().members()).containsExactly(member.address());
			member.connection().leave(Member.LIMIT);
		}
		finally {
			this.cluster.node(1).resume();
		}
	}

	@Test
	void anEarlierConnectionThatEndsLateDoesNotEndTheMembershipUnnoticed() throws Exception {
		for (int i = 0; i < 5; i++) {
			Member earlier = Member.connect(this.cluster.node(1));
			long memberId = earlier.address().pid();
			this.cluster.node(1).pause();
			assertEndsWithin(Duration.ofMillis(100), CsError.TIMEOUT,
					() -> earlier.connection().join(this.group, Duration.ofMillis(100)));
			this.cluster.node(1).resume();
			// In between, the daemon now agrees on the earlier join and on its end.
			Member member = joinAs(memberId);
			try (Member observer = Member.connect(this.cluster.node(1))) {
				Awaitility.await()
					.atMost(Member.LIMIT)
					.until(() -> !member.connection().isOpen()
							|| observer.connection().membership(this.group).contains(member.address()));
			}
			member.close();
			try (Member again = joinAs(memberId)) {
				assertThat(again.send("again").get(10, TimeUnit.SECONDS).members()).containsExactly(again.address());
			}
		}
	}

	/**
	 * Joins, and once more if the end of the earlier connection ended this membership.
	 */
	private Member joinAs(long memberId) {
		return Awaitility.await().atMost(Member.LIMIT).ignoreException(CorosyncException.class).until(() -> {
			Member member = Member.connect(this.cluster.node(1), (builder) -> builder.memberId(memberId));
			try {
				member.connection().join(this.group, Member.LIMIT);
				return member;
			}
			catch (CorosyncException ex) {
				member.close();
				throw ex;
			}
		}, (member) -> member.connection().isOpen());
	}

	@Test
	void connectingToADaemonThatIsStoppedLeavesNothingBehindHoweverOften() {
		this.cluster.node(1).pause();
		try {
			for (int i = 0; i < 30; i++) {
				assertThatExceptionOfType(CorosyncConnectException.class)
					.isThrownBy(() -> Member.connect(this.cluster.node(1),
							(builder) -> builder.name("stopped").requestTimeout(Duration.ofMillis(100))))
					.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(CorosyncConnectException.Reason.TIMEOUT));
			}
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> Thread.getAllStackTraces()
					.keySet()
					.stream()
					.noneMatch((thread) -> thread.getName().startsWith("cpg-stopped-")));
		}
		finally {
			this.cluster.node(1).resume();
		}
	}

	@Test
	void aListenerThatIsStillBusyDoesNotKeepCloseWaiting() {
		try (Member member = Member.connect(this.cluster.node(1), (builder) -> builder.deliveryQueueCapacity(10_000))) {
			member.connection().join(this.group, Member.LIMIT);
			CompletableFuture<Void> goOn = new CompletableFuture<>();
			member.onMessage = goOn::join;
			for (int i = 0; i < 500; i++) {
				member.send("fills the queue " + i);
			}
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.connection().statistics().queuedBytes() > 9_000);
			assertEndsWithin(Duration.ofSeconds(1), null, member::close);
			assertThat(member.closed).isNotDone();
			goOn.complete(null);
			Awaitility.await().atMost(Member.LIMIT).until(member.closed::isDone);
		}
	}

}
