package dev.cpg.client.corosync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Equal messages under way at the same time, on one node: each outcome is true or
 * unknown.
 */
@CorosyncTest(nodes = 1)
@Timeout(120)
class EqualMessagesTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	EqualMessagesTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@AfterEach
	void restore() {
		this.cluster.restore();
	}

	@Test
	void anEqualMessageThatWasGivenUpTakesTheOutcomeOfNoOther() throws Exception {
		try (Member member = joinWithLimit(Duration.ofSeconds(1))) {
			this.cluster.node(1).pause();
			CompletableFuture<CpgView> first = member.send("tick");
			Awaitility.await().atMost(Member.LIMIT).until(first::isDone);
			List<CompletableFuture<CpgView>> later = new ArrayList<>();
			for (String text : List.of("order 1", "order 2", "tick")) {
				later.add(member.connection().multicast(text.getBytes(StandardCharsets.UTF_8), Member.LIMIT));
			}
			this.cluster.node(1).resume();
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.messages().size() == 4);
			assertThat(SendTally.of(List.of(first)).unknown()).isEqualTo(1);
			for (CompletableFuture<CpgView> send : later) {
				assertThat(send.get(20, TimeUnit.SECONDS).members()).containsExactly(member.address());
			}
		}
	}

	@Test
	void equalMessagesWithoutEndAreAllDeliveredAndAFewWaitForTheirOutcome() throws Exception {
		try (Member member = joinWithLimit(Member.LIMIT)) {
			int count = 10_000;
			byte[] tick = new byte[16];
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				sends.add(member.connection().multicast(tick));
				sends.add(member.connection().multicast(Integer.BYTES, (target) -> target.putInt(1)));
			}
			for (CompletableFuture<CpgView> send : sends) {
				assertThat(send.get(20, TimeUnit.SECONDS).members()).containsExactly(member.address());
			}
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.messages().size() == 2 * count);
		}
	}

	@Test
	void equalLargeMessagesAreDelivered() throws Exception {
		try (Member member = joinWithLimit(Member.LIMIT)) {
			byte[] large = new byte[member.connection().limits().maxAtomicMessageSize() + 1];
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				sends.add(member.connection().multicast(large));
			}
			for (CompletableFuture<CpgView> send : sends) {
				assertThat(send.get(20, TimeUnit.SECONDS).members()).containsExactly(member.address());
			}
		}
	}

	@Test
	void aSendThatMustNotWaitIsRefusedBehindTooManyEqualMessages() throws Exception {
		try (Member member = joinWithLimit(Member.LIMIT)) {
			this.cluster.node(1).pause();
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			@Nullable CompletableFuture<CpgView> send = member.connection().tryMulticast(new byte[1]);
			while (send != null) {
				sends.add(send);
				send = member.connection().tryMulticast(new byte[1]);
			}
			assertThat(sends).hasSizeBetween(100, 1_100);
			assertThatExceptionOfType(CorosyncException.class)
				.isThrownBy(() -> member.connection().multicast(new byte[1], Duration.ofMillis(300)))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN))
				.withMessageContaining("equal messages");
			CompletableFuture<CpgView> different = member.send("different");
			this.cluster.node(1).resume();
			different.get(20, TimeUnit.SECONDS);
			assertThat(sends).allSatisfy((each) -> assertThat(each.get(20, TimeUnit.SECONDS)).isNotNull());
		}
	}

	@Test
	void aListenerAndWhatDependsOnAnOutcomeMaySendMoreEqualMessagesThanMayBeUnderWay() throws Exception {
		try (Member member = joinWithLimit(Member.LIMIT)) {
			byte[] tick = new byte[1];
			List<CompletableFuture<CpgView>> sends = Collections.synchronizedList(new ArrayList<>());
			Runnable sending = () -> {
				for (int i = 0; i < 3_000; i++) {
					sends.add(member.connection().multicast(tick));
				}
			};
			AtomicBoolean begun = new AtomicBoolean();
			member.onMessage = () -> {
				if (begun.compareAndSet(false, true)) {
					sending.run();
				}
			};
			member.send("go").thenRun(sending);
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> sends.size() == 6_000 && sends.stream().allMatch(CompletableFuture::isDone));
			assertThat(sends).noneMatch(CompletableFuture::isCompletedExceptionally);
		}
	}

	@Test
	void outcomesOfEqualMessagesBeforeALeaveAreTrue() throws Exception {
		try (Member observer = joinWithLimit(Member.LIMIT); Member member = joinWithLimit(Member.LIMIT)) {
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			for (int i = 0; i < 900; i++) {
				sends.add(member.send("tick"));
			}
			member.connection().leave(Member.LIMIT);
			Awaitility.await().atMost(Member.LIMIT).until(() -> sends.stream().allMatch(CompletableFuture::isDone));
			observer.awaitChange(member.address(), CpgReason.LEAVE);
			SendTally outcomes = SendTally.of(sends);
			assertThat(observer.messages()).hasSizeBetween(outcomes.delivered(), 900 - outcomes.lost());
		}
	}

	@Test
	void whenTheDaemonIsKilledEqualMessagesAreDeliveredOrUnknown() throws Exception {
		Member member = joinWithLimit(Member.LIMIT);
		try (member) {
			Thread killer = new Thread(() -> this.cluster.node(1).kill());
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			CorosyncException refused = null;
			for (int i = 0; refused == null; i++) {
				if (i == 5_000) {
					killer.start();
				}
				try {
					sends.add(member.send("tick"));
				}
				catch (CorosyncException ex) {
					refused = ex;
				}
			}
			killer.join();
			member.awaitClosed();
			Awaitility.await().atMost(Member.LIMIT).until(() -> sends.stream().allMatch(CompletableFuture::isDone));
			SendTally outcomes = SendTally.of(sends);
			assertThat(outcomes.lost()).isZero();
			assertThat(outcomes.delivered()).isBetween(1, member.messages().size());
		}
	}

	private Member joinWithLimit(Duration limit) {
		Member member = Member.connect(this.cluster.node(1), (builder) -> builder.sendTimeout(limit));
		member.connection().join(this.group, Member.LIMIT);
		return member;
	}

}
