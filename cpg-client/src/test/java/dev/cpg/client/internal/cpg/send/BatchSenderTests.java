package dev.cpg.client.internal.cpg.send;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.ipc.transport.FlowControl;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is sent when, on a transport without a daemon: at which moment that is busy, full,
 * or ends, no test of a real one can choose.
 */
@Timeout(30)
class BatchSenderTests {

	private final BatchHarness member = new BatchHarness().beginEpoch();

	@Test
	void aMessageThatIsAloneGoesByItself() {
		SendFuture one = this.member.send("one");
		assertThat(this.member.sent()).containsExactly("one");
		this.member.comesBack();
		SendFuture two = this.member.send("two");
		assertThat(this.member.sent()).containsExactly("one", "two");
		this.member.comesBack();
		assertThat(List.of(one, two)).allMatch(SendFuture::wasDelivered);
		assertThat(this.member.laters).as("times that the timer was wanted").isZero();
	}

	@Test
	void whatComesWhileEnoughIsUnderWayGoesTogetherAndInOrder() {
		this.member.fillWindow();
		List<SendFuture> sends = List.of(this.member.send("one"), this.member.send(""), this.member.send("three"));
		assertThat(this.member.sent()).isEmpty();
		assertThat(this.member.laters).as("times that the timer was wanted").isZero();
		this.member.oneComesBack();
		assertThat(this.member.sent()).containsExactly("[one, , three]");
		this.member.oneComesBack();
		assertThat(sends).noneMatch(SendFuture::isDecided);
		this.member.comesBack();
		assertThat(sends).allMatch(SendFuture::wasDelivered);
		assertThat(this.member.waiting.sent()).isOne();
		assertThat(this.member.waiting.sentMessages()).isEqualTo(3);
	}

	@Test
	void aFullBatchGoesThoughEnoughIsUnderWay() {
		this.member.fillWindow();
		String text = "x".repeat(BatchHarness.SIZE / 4);
		for (int i = 0; i < 5; i++) {
			this.member.send(i + text);
		}
		assertThat(this.member.sent()).hasSize(1);
		assertThat(this.member.sent().get(0)).startsWith("[0x").contains("1x", "2x").doesNotContain("3x");
	}

	@Test
	void whileSixOfTheDefaultSizeAreUnderWayAFullBatchWaitsToo() {
		BatchHarness large = new BatchHarness(1 << 16, true).beginEpoch().fillWindow();
		String half = "x".repeat(1 << 15);
		List<SendFuture> sends = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			sends.add(large.send(i + half));
		}
		assertThat(large.sent()).hasSize(4);
		assertThat(large.trySend("more" + half)).isNull();
		assertThat(large.sent()).hasSize(4);
		large.oneComesBack();
		sends.add(large.trySend("more" + half));
		assertThat(large.sent()).hasSize(5);
		large.comesBack();
		large.comesBack();
		assertThat(sends).hasSize(6).allMatch(SendFuture::wasDelivered);
	}

	@Test
	void whatHadNoRoomWhenTheWindowOpenedIsTriedAgainSoon() {
		this.member.fillWindow();
		this.member.send("one");
		this.member.transport.full(true);
		int before = this.member.laters;
		this.member.oneComesBack();
		assertThat(this.member.laters).as("times that the timer was wanted").isGreaterThan(before);
		assertThat(this.member.waiting.isDue()).isTrue();
		this.member.transport.full(false);
		this.member.waiting.advance();
		assertThat(this.member.sent()).containsExactly("[one]");
	}

	@Test
	void theTimerLooksAfterWhatWasCollectedThoughASenderWaits() {
		this.member.fillWindow();
		this.member.waiting.want();
		this.member.send("one");
		assertThat(this.member.looks).hasSize(1);
	}

	@Test
	void oneThatIsLargerThanABatchGoesByItselfThoughEnoughIsUnderWay() {
		this.member.fillWindow();
		String large = "x".repeat(BatchHarness.SIZE);
		this.member.send(large);
		assertThat(this.member.sent()).containsExactly(large);
	}

	@Test
	void oneThatIsLargerThanABatchGoesBehindThoseBeforeIt() {
		this.member.fillWindow();
		this.member.send("one");
		SendFuture large = this.member.send("x".repeat(BatchHarness.SIZE));
		this.member.send("three");
		this.member.comesBack();
		assertThat(this.member.sent()).hasSize(3);
		assertThat(this.member.sent().get(0)).isEqualTo("[one]");
		assertThat(this.member.sent().get(1)).startsWith("[xxx");
		assertThat(this.member.sent().get(2)).isEqualTo("[three]");
		this.member.comesBack();
		assertThat(large.wasDelivered()).isTrue();
	}

	@Test
	void whileTheDaemonTakesNothingAFullBatchMakesSendersWait() {
		this.member.fillWindow();
		this.member.transport.flowControl(FlowControl.CLOSED);
		String text = "x".repeat(BatchHarness.SIZE / 2);
		SendFuture first = this.member.send("0" + text);
		assertThat(this.member.trySend("1" + text)).isNull();
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(
				() -> this.member.multicaster.multicast(text.getBytes(StandardCharsets.UTF_8), Duration.ofMillis(20)))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN));
		assertThat(this.member.sent()).isEmpty();
		this.member.transport.flowControl(FlowControl.OPEN);
		SendFuture second = this.member.send("1" + text);
		this.member.waiting.flush();
		assertThat(this.member.sent()).hasSize(2);
		this.member.comesBack();
		assertThat(List.of(first, second)).allMatch(SendFuture::wasDelivered);
	}

	@Test
	void whileThereIsNoRoomABatchWaitsAndGoesWhenThereIs() {
		this.member.fillWindow();
		SendFuture send = this.member.send("one");
		this.member.transport.full(true);
		this.member.comesBack();
		assertThat(this.member.waiting.advance()).isFalse();
		this.member.waiting.flush();
		SendFuture second = this.member.send("two");
		assertThat(this.member.laters).as("times that the timer was wanted").isPositive();
		assertThat(this.member.sent()).isEmpty();
		this.member.transport.full(false);
		assertThat(this.member.waiting.advance()).isTrue();
		assertThat(this.member.sent()).containsExactly("[one, two]");
		this.member.comesBack();
		assertThat(List.of(send, second)).allMatch(SendFuture::wasDelivered);
	}

	@Test
	void whatComesBackStaleTwiceKeepsItsOrder() {
		this.member.fillWindow();
		List<SendFuture> sends = new ArrayList<>();
		for (String text : List.of("one", "two", "three")) {
			sends.add(this.member.send(text));
			this.member.waiting.flush();
		}
		sends.add(this.member.send("four"));
		for (int round = 0; round < 2; round++) {
			this.member.change(BatchHarness.LOCAL);
			this.member.transport.full(true);
			this.member.comesBack();
			this.member.transport.full(false);
			assertThat(sends).noneMatch(SendFuture::isDecided);
			this.member.waiting.advance();
		}
		assertThat(this.member.sent()).containsExactly("[one]", "[two]", "[three]", "!", "[one]", "[two]", "[three]",
				"[four]", "!", "[one]", "[two]", "[three]", "[four]");
		this.member.comesBack();
		assertThat(sends).allMatch(SendFuture::wasDelivered);
	}

	@Test
	void whileSomebodyReadsNoneStaleMessagesGoByThemselvesBeforeOthers() {
		this.member.fillWindow();
		this.member.send("one");
		this.member.send("two");
		this.member.waiting.flush();
		this.member.send("three");
		this.member.change(BatchHarness.LOCAL, BatchHarness.OTHER);
		this.member.waiting.flush();
		assertThat(this.member.sent()).as("while what is under way will come back stale")
			.containsExactly("[one, two]", "!");
		assertThat(this.member.trySend("five")).as("a message while batches are undecided").isNull();
		this.member.comesBack();
		SendFuture four = this.member.send("four");
		assertThat(this.member.sent()).containsExactly("[one, two]", "!", "one", "two", "three", "four");
		this.member.comesBack();
		assertThat(four.wasDelivered()).isTrue();
		assertThat(this.member.waiting.isDue()).isFalse();
	}

	@Test
	void whatAWriterWroteLikeABatchIsNotSentByItself() {
		byte[] likeABatch = new byte[BatchFormat.HEAD + BatchFormat.ENTRY];
		BatchFormat.writeHead(likeABatch, likeABatch.length, BatchHarness.LOCAL, BatchFormat.BATCH, 1, 1, 1);
		this.member.fillWindow();
		SendFuture before = this.member.send("one");
		SendFuture mistakable = (SendFuture) this.member.multicaster.multicast(likeABatch.length,
				(target) -> target.put(likeABatch, 0, likeABatch.length));
		SendFuture after = this.member.send("two");
		this.member.change(BatchHarness.LOCAL, BatchHarness.OTHER);
		this.member.waiting.flush();
		assertThat(this.member.sent()).containsExactly("!", "one", "two");
		this.member.comesBack();
		assertThat(before.wasDelivered()).isTrue();
		assertOutcome(mistakable, Outcome.LOST);
		assertThat(after.wasDelivered()).isTrue();
		assertThat(this.member.waiting.underWay().isIdle()).isTrue();
	}

	@Test
	void aBatchThatIsLostIsFoundOutBySomethingBehindIt() {
		this.member.fillWindow();
		SendFuture lost = this.member.send("one");
		this.member.waiting.flush();
		this.member.isLost();
		Awaitility.await().until(() -> {
			this.member.waiting.want();
			this.member.waiting.advance();
			return this.member.sent().size() > 1;
		});
		assertThat(this.member.sent()).containsExactly("[one]", "!");
		this.member.comesBack();
		assertOutcome(lost, Outcome.LOST);
	}

	@Test
	void atTheEndWhatWaitsIsLostAndWhatWasSentIsUnknown() {
		this.member.fillWindow();
		SendFuture sent = this.member.send("one");
		this.member.waiting.flush();
		SendFuture open = this.member.send("two");
		this.member.connection.end(null);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.member.send("three"));
		assertThat(this.member.waiting.advance()).isFalse();
		this.member.pending.allUnknown("the connection was closed", null);
		this.member.waiting.end();
		assertOutcome(sent, Outcome.UNKNOWN);
		assertOutcome(open, Outcome.LOST);
		assertThat(this.member.waiting.advance()).isTrue();
		assertThat(this.member.sent()).containsExactly("[one]");
	}

	@Test
	void atALeaveWhatWaitsIsSentBefore() {
		this.member.fillWindow();
		SendFuture open = this.member.send("one");
		this.member.multicaster.sendAll(Deadline.in(Duration.ofMillis(20)));
		assertThat(this.member.sent()).containsExactly("[one]");
		assertThat(open.isDecided()).isFalse();
		this.member.waiting.left();
		assertThat(open.isDecided()).as("what is under way").isFalse();
		this.member.comesBack();
		assertThat(open.wasDelivered()).isTrue();
	}

	@Test
	void aWriterThatThrowsLeavesNothingUndecided() {
		this.member.fillWindow();
		SendFuture before = this.member.send("one");
		CpgMessageWriter broken = (target) -> {
			throw new IllegalStateException("broken");
		};
		assertThatIllegalStateException()
			.isThrownBy(() -> this.member.multicaster.multicast(2 * BatchHarness.SIZE, broken));
		assertThatIllegalStateException().isThrownBy(() -> this.member.multicaster.multicast(5, broken));
		this.member.comesBack();
		this.member.comesBack();
		assertThat(before).isCompleted();
		assertThat(this.member.waiting.underWay().isIdle()).isTrue();
	}

	@Test
	void aLookThatChangesNothingWakesNoBlockedSender() throws InterruptedException {
		this.member.fillWindow();
		this.member.send("one");
		CountDownLatch waits = new CountDownLatch(1);
		AtomicInteger looks = new AtomicInteger();
		Thread sender = new Thread(() -> this.member.waiting.blocked().await(() -> {
			waits.countDown();
			LockSupport.park();
			looks.incrementAndGet();
			return true;
		}, Deadline.in(Duration.ofMinutes(5))));
		sender.start();
		waits.await();
		for (int i = 0; i < 1000; i++) {
			this.member.waiting.want();
			this.member.waiting.advance();
		}
		sender.join(100);
		assertThat(looks).hasValue(0);
		this.member.oneComesBack();
		sender.join();
		assertThat(looks).as("something was sent").hasValue(1);
	}

	@Test
	void whereNothingComesBackWhatWasCollectedGoesAfterAWhile() {
		this.member.fillWindow();
		this.member.send("x".repeat(BatchHarness.SIZE));
		this.member.send("one");
		assertThat(this.member.looks).hasSize(1);
		this.member.oneComesBack();
		long next = this.member.waiting.look(this.member.looks.get(0));
		assertThat(this.member.sent()).as("sent while something comes back").hasSize(1);
		assertThat(next).isBetween(this.member.looks.get(0), this.member.looks.get(0) + 1_000_000_000);
		assertThat(this.member.waiting.look(next)).isEqualTo(Alarm.NEVER);
		assertThat(this.member.sent()).hasSize(2).endsWith("[one]");
		this.member.send("two");
		assertThat(this.member.looks).hasSize(2);
	}

	@Test
	void whatIsLostHoldsUpNothingThatComesBehind() {
		this.member.send("a");
		this.member.isLost();
		SendFuture next = this.member.send("b");
		this.member.send("c");
		this.member.oneComesBack();
		assertThat(next.wasDelivered()).isTrue();
		assertThat(this.member.sent()).containsExactly("a", "b", "[c]");
	}

	@Test
	void whatWaitsIsGivenUpAtItsTimeLimit() {
		this.member.fillWindow();
		SendFuture open = this.member.send("one");
		assertThat(this.member.expireBy).isEqualTo(open.deadline());
		assertThat(this.member.waiting.expire(open.deadline() - 1)).isLessThanOrEqualTo(open.deadline());
		assertThat(open.isDecided()).isFalse();
		this.member.waiting.expire(open.deadline());
		assertOutcome(open, Outcome.UNKNOWN);
	}

	private static void assertOutcome(SendFuture send, Outcome outcome) {
		assertThat(send.isDecided()).isTrue();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(send::join)
			.havingCause()
			.asInstanceOf(InstanceOfAssertFactories.type(CpgSendException.class))
			.extracting(CpgSendException::outcome)
			.isEqualTo(outcome);
	}

}
