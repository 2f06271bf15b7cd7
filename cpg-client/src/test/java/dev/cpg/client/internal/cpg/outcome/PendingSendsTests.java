package dev.cpg.client.internal.cpg.outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PendingSendsTests {

	private static final CpgView VIEW = new CpgView(new RingId(1, 2), List.of(new CpgAddress(1, 1)));

	private static final CpgView LATER_VIEW = new CpgView(new RingId(1, 3), VIEW.members());

	private final List<Long> expireBy = new ArrayList<>();

	private final PendingSends pending = new PendingSends(SendFuture::report, this.expireBy::add);

	@Test
	void aMessageThatComesBackWasDeliveredInTheViewOfTheTime() {
		SendFuture send = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		assertThat(send).isCompletedWithValue(VIEW);
	}

	@Test
	void aLaterMessageThatComesBackProvesTheEarlierOnesLost() {
		SendFuture first = send(5, 50);
		SendFuture second = send(6, 60);
		SendFuture third = send(7, 70);
		SendFuture fourth = send(8, 80);
		this.pending.delivered(7, 70, VIEW);
		assertOutcome(first, Outcome.LOST);
		assertOutcome(second, Outcome.LOST);
		assertThat(third).isCompletedWithValue(VIEW);
		assertThat(fourth).isNotDone();
	}

	@Test
	void whichOfEqualMessagesCameBackIsKnownOnceAllHave() {
		SendFuture first = send(5, 50);
		SendFuture second = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		assertThat(first).isNotDone();
		assertThat(second).isNotDone();
		this.pending.delivered(5, 50, LATER_VIEW);
		assertThat(first).isCompletedWithValue(VIEW);
		assertThat(second).isCompletedWithValue(LATER_VIEW);
	}

	/** Their hash is of samples, and they differ where none is taken. */
	@Test
	void ofLargeMessagesWithOneHashNoneIsSaidToBeLostWhenTheOtherIs() {
		ContentHash hash = new ContentHash();
		byte[] one = new byte[65_536];
		byte[] other = one.clone();
		other[5_000] = 1;
		assertThat(hash.of(other)).isEqualTo(hash.of(one));
		for (byte[] back : List.of(one, other)) {
			SendFuture first = send(one.length, hash.of(one));
			SendFuture second = send(other.length, hash.of(other));
			SendFuture next = send(6, 60);
			this.pending.delivered(back.length, hash.of(back), VIEW);
			this.pending.delivered(6, 60, VIEW);
			assertOutcome(first, Outcome.UNKNOWN);
			assertOutcome(second, Outcome.UNKNOWN);
			assertThat(next).isCompletedWithValue(VIEW);
		}
	}

	@Test
	void largeMessagesWithOneHashAreDeliveredIfAllComeBack() {
		ContentHash hash = new ContentHash();
		byte[] one = new byte[65_536];
		byte[] other = one.clone();
		other[5_000] = 1;
		SendFuture first = send(one.length, hash.of(one));
		SendFuture second = send(other.length, hash.of(other));
		this.pending.delivered(one.length, hash.of(one), VIEW);
		this.pending.delivered(other.length, hash.of(other), LATER_VIEW);
		assertThat(first).isCompletedWithValue(VIEW);
		assertThat(second).isCompletedWithValue(LATER_VIEW);
	}

	@Test
	void howManyCameBackIsKnownThoughWhichOfEqualOnesIsNot() {
		assertThat(this.pending.hasUnderWay(1)).isFalse();
		send(5, 50);
		send(5, 50);
		send(5, 50);
		assertThat(this.pending.hasUnderWay(3)).isTrue();
		assertThat(this.pending.hasUnderWay(4)).isFalse();
		assertThat(this.pending.returned()).isZero();
		this.pending.delivered(5, 50, VIEW);
		assertThat(this.pending.returned()).isOne();
		this.pending.delivered(5, 50, VIEW);
		assertThat(this.pending.returned()).isEqualTo(2);
		assertThat(this.pending.hasUnderWay(1)).isTrue();
		assertThat(this.pending.hasUnderWay(2)).isFalse();
		send(6, 60);
		this.pending.delivered(6, 60, VIEW);
		assertThat(this.pending.returned()).isEqualTo(4);
		assertThat(this.pending.hasUnderWay(1)).isFalse();
	}

	@Test
	void whatWasNotSentAfterAllIsNotUnderWay() {
		send(5, 50);
		this.pending.withdraw(send(6, 60));
		this.pending.withdraw(send(7, 70));
		assertThat(this.pending.hasUnderWay(1)).isTrue();
		assertThat(this.pending.hasUnderWay(2)).isFalse();
	}

	@Test
	void whichOfEqualMessagesWasLostIsUnknownOnceALaterMessageComesBack() {
		SendFuture first = send(5, 50);
		SendFuture second = send(5, 50);
		SendFuture other = send(6, 60);
		this.pending.delivered(5, 50, VIEW);
		this.pending.delivered(6, 60, VIEW);
		assertOutcome(first, Outcome.UNKNOWN);
		assertOutcome(second, Outcome.UNKNOWN);
		assertThat(other).isCompletedWithValue(VIEW);
	}

	@Test
	void anEqualMessageThatIsSentLaterIsNoneThatCameBackBefore() {
		SendFuture first = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		SendFuture second = send(5, 50);
		assertThat(first).isCompletedWithValue(VIEW);
		assertThat(second).isNotDone();
	}

	@Test
	void whatLiesBetweenEqualMessagesTellsWhichOfThemCameBack() {
		SendFuture firstTick = send(4, 40);
		SendFuture order = send(5, 50);
		SendFuture otherOrder = send(6, 60);
		SendFuture secondTick = send(4, 40);
		this.pending.delivered(4, 40, VIEW);
		assertThat(firstTick).isNotDone();
		this.pending.delivered(6, 60, VIEW);
		assertThat(firstTick).isCompletedWithValue(VIEW);
		assertOutcome(order, Outcome.LOST);
		assertThat(otherOrder).isCompletedWithValue(VIEW);
		assertThat(secondTick).isNotDone();
	}

	@Test
	void whatEqualMessagesProveLostIsLostThoughTheyAreNotKnownApart() {
		SendFuture other = send(6, 60);
		SendFuture first = send(5, 50);
		SendFuture second = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		this.pending.settle();
		assertOutcome(other, Outcome.LOST);
		assertThat(first).isNotDone();
		assertThat(second).isNotDone();
	}

	@Test
	void whatEqualMessagesHideIsUnknownOnceALaterMessageIsCertain() {
		SendFuture firstTick = send(4, 40);
		SendFuture secondTick = send(4, 40);
		SendFuture first = send(5, 50);
		SendFuture second = send(6, 60);
		send(6, 60);
		send(5, 50);
		this.pending.delivered(4, 40, VIEW);
		this.pending.delivered(5, 50, VIEW);
		this.pending.delivered(6, 60, VIEW);
		this.pending.settle();
		assertThat(first).isCompletedWithValue(VIEW);
		assertThat(second).isNotDone();
		assertOutcome(firstTick, Outcome.UNKNOWN);
		assertOutcome(secondTick, Outcome.UNKNOWN);
	}

	@Test
	void laterEqualMessagesMayDistinguishEarlierOnes() {
		SendFuture firstA = send(5, 50);
		SendFuture firstB = send(6, 60);
		SendFuture secondB = send(6, 60);
		SendFuture secondA = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		this.pending.settle();
		assertThat(firstA).isNotDone();
		this.pending.delivered(6, 60, VIEW);
		this.pending.settle();
		assertThat(firstA).isCompletedWithValue(VIEW);
		assertThat(List.of(firstB, secondB, secondA)).noneMatch(SendFuture::isDone);
	}

	@Test
	void whatCollidesInTheIndexIsNotTakenForEqual() {
		SendFuture first = send(5, 50);
		SendFuture other = send(5, 50 + (1L << 40));
		this.pending.delivered(5, 50 + (1L << 40), VIEW);
		assertOutcome(first, Outcome.LOST);
		assertThat(other).isCompletedWithValue(VIEW);
	}

	@Test
	void aMessageOfTheSameLengthAndOtherContentIsNotTaken() {
		SendFuture send = send(5, 50);
		this.pending.delivered(5, 51, VIEW);
		this.pending.delivered(6, 50, VIEW);
		assertThat(send).isNotDone();
	}

	@Test
	void aGivenUpMessageKeepsItsPlaceAmongEqualOnes() {
		SendFuture givenUp = send(5, 50, 100);
		this.pending.expire(200);
		SendFuture later = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		assertOutcome(givenUp, Outcome.UNKNOWN);
		assertThat(later).as("its twin may have come back").isNotDone();
		this.pending.delivered(5, 50, LATER_VIEW);
		assertThat(later).isCompletedWithValue(LATER_VIEW);
	}

	@Test
	void aWithdrawnMessageIsPassedOver() {
		SendFuture withdrawn = send(5, 50);
		this.pending.withdraw(withdrawn);
		SendFuture again = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		assertThat(withdrawn).isNotDone();
		assertThat(again).isCompletedWithValue(VIEW);
	}

	@Test
	void aMessageThatIsDueBehindOneThatIsNotIsGivenUpInTime() {
		SendFuture first = send(5, 50, 3_000);
		SendFuture second = send(6, 60, 1_000);
		assertThat(this.pending.expire(1_500)).isEqualTo(3_000);
		assertThat(first).isNotDone();
		assertOutcome(second, Outcome.UNKNOWN);
	}

	@Test
	void aMessageThatWasRemovedKeepsNoneOfThoseSentAfterIt() {
		SendFuture first = send(5, 50);
		SendFuture second = send(6, 60);
		SendFuture third = send(7, 70);
		this.pending.delivered(5, 50, VIEW);
		this.pending.delivered(7, 70, VIEW);
		send(8, 80);
		assertThat(first.next()).isSameAs(first);
		assertThat(second.next()).isSameAs(second);
		assertThat(third.next()).as("the last one, behind which the next is").isNotSameAs(third);
	}

	@Test
	void messagesThatAreRemovedWhileTheTimeRunsOutHideNoneOfThoseAfterThem() {
		PendingSends[] self = new PendingSends[1];
		PendingSends removing = new PendingSends((send) -> self[0].delivered(6, 60, VIEW), this.expireBy::add);
		self[0] = removing;
		SendFuture due = new SendFuture(5, 50, 1_000);
		SendFuture removed = new SendFuture(6, 60, 4_000);
		SendFuture next = new SendFuture(7, 70, 3_000);
		removing.append(due);
		removing.append(removed);
		removing.append(next);
		assertThat(removing.expire(1_500)).isEqualTo(3_000);
		assertThat(removed.isDecided()).isTrue();
		assertThat(next.isDecided()).isFalse();
	}

	@Test
	void afterTheLeaveEverythingUnderWayIsLost() {
		SendFuture first = send(5, 50);
		SendFuture second = send(6, 60);
		this.pending.allLost();
		assertOutcome(first, Outcome.LOST);
		assertOutcome(second, Outcome.LOST);
	}

	@Test
	void afterTheLeaveOnlyWhatEqualMessagesHideIsUnknown() {
		SendFuture first = send(5, 50);
		SendFuture second = send(5, 50);
		SendFuture other = send(6, 60);
		this.pending.delivered(5, 50, VIEW);
		SendFuture afterwards = send(5, 50);
		this.pending.allLost();
		assertOutcome(first, Outcome.UNKNOWN);
		assertOutcome(second, Outcome.UNKNOWN);
		assertOutcome(other, Outcome.LOST);
		assertOutcome(afterwards, Outcome.LOST);
	}

	@Test
	void afterTheEndOfTheConnectionNothingIsKnown() {
		SendFuture send = send(5, 50);
		this.pending.allUnknown("the connection ended", null);
		assertOutcome(send, Outcome.UNKNOWN);
	}

	@Test
	void afterTheEndNoneIsTaken() {
		assertThat(this.pending.append(new SendFuture(5, 50, 0))).isTrue();
		this.pending.allUnknown("the connection ended", null);
		assertThat(this.pending.append(new SendFuture(5, 50, 0))).isFalse();
	}

	@Test
	void aMessagePastItsLimitIsUnknownAndStillDecidesTheOnesBefore() {
		SendFuture first = send(5, 50, 1_000);
		SendFuture second = send(6, 60, 200);
		SendFuture third = send(7, 70, 3_000);
		assertThat(this.pending.expire(100)).isEqualTo(200);
		assertThat(this.pending.expire(1_000)).isEqualTo(3_000);
		assertOutcome(first, Outcome.UNKNOWN);
		assertOutcome(second, Outcome.UNKNOWN);
		this.pending.delivered(6, 60, VIEW);
		assertThat(third).isNotDone();
		this.pending.delivered(7, 70, VIEW);
		assertThat(third).isCompletedWithValue(VIEW);
		assertThat(this.pending.expire(5_000)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void eachMessageAsksForALookAtItsTimeLimit() {
		send(5, 50, 1_000);
		send(6, 60, 3_000);
		this.pending.delivered(5, 50, VIEW);
		assertThat(this.expireBy).containsExactly(1_000L, 3_000L);
		assertThat(this.pending.expire(1_000)).isEqualTo(3_000);
		send(7, 70, 2_000);
		assertThat(this.pending.expire(1_100)).isEqualTo(2_000);
	}

	@Test
	void soManyEqualMessagesMayBeUnderWayUndecided() {
		List<SendFuture> sends = new ArrayList<>();
		while (this.pending.hasRoomFor(new SendFuture(0, 50, 0))) {
			sends.add(send(0, 50));
		}
		assertThat(sends).hasSize(1 + 1024);
		assertThat(this.pending.hasRoomFor(new SendFuture(0, 60, 0))).as("a different one").isTrue();
		sends.forEach((send) -> this.pending.delivered(0, 50, VIEW));
		assertThat(sends).allMatch((send) -> send.isDone() && !send.isCompletedExceptionally());
		assertThat(this.pending.hasRoomFor(new SendFuture(0, 50, 0))).isTrue();
	}

	@Test
	void oneLargeMessageMayAlwaysRepeatAnother() {
		int length = 3 * (int) DuplicateBudget.LIMIT;
		send(length, 50);
		assertThat(this.pending.hasRoomFor(new SendFuture(length, 50, 0))).isTrue();
		SendFuture second = send(length, 50);
		assertThat(this.pending.hasRoomFor(new SendFuture(length, 50, 0))).isFalse();
		this.pending.withdraw(second);
		assertThat(this.pending.hasRoomFor(new SendFuture(length, 50, 0))).isTrue();
	}

	@Test
	void roomIsMadeByGivingUpWhatWasOvertaken() {
		SendFuture lost = send(5, 50);
		SendFuture overtaken = send(5, 50);
		SendFuture last = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		this.pending.delivered(5, 50, VIEW);
		this.pending.giveUpOvertaken();
		assertOutcome(lost, Outcome.UNKNOWN);
		assertOutcome(overtaken, Outcome.UNKNOWN);
		assertThat(last).as("may still come back").isNotDone();
	}

	@Test
	void whereNothingWasOvertakenNoneIsMissing() {
		SendFuture first = send(5, 50);
		send(5, 50);
		this.pending.giveUpOvertaken();
		assertThat(first).isNotDone();
		assertThat(this.pending.isOneMissing()).isFalse();
	}

	@Test
	void noneIsMissingOnceADifferentMessageCameBack() {
		send(5, 50, 1);
		send(5, 50, 1);
		send(6, 60, 1);
		send(6, 60, 1);
		this.pending.delivered(5, 50, VIEW);
		this.pending.delivered(6, 60, VIEW);
		this.pending.giveUpOvertaken();
		assertThat(this.pending.isOneMissing()).isTrue();
		this.pending.expire(1);
		this.pending.settle();
		send(7, 70);
		this.pending.delivered(7, 70, VIEW);
		assertThat(this.pending.isOneMissing()).isFalse();
	}

	@Test
	void equalMessagesOfWhichOneIsMissingDoNotPileUp() {
		send(5, 50);
		List<SendFuture> sends = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			sends.add(send(5, 50, i));
			this.pending.delivered(5, 50, VIEW);
			this.pending.settle();
			this.pending.expire(i);
			this.pending.giveUpOvertaken();
		}
		assertThat(sends).filteredOn((send) -> send.next() != send).hasSizeLessThan(1_000);
	}

	private SendFuture send(int length, long hash) {
		return send(length, hash, Long.MAX_VALUE / 2);
	}

	private SendFuture send(int length, long hash, long deadline) {
		SendFuture send = new SendFuture(length, hash, deadline);
		this.pending.append(send);
		return send;
	}

	private static void assertOutcome(SendFuture send, Outcome outcome) {
		assertThat(send).isCompletedExceptionally();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(send::join)
			.havingCause()
			.isInstanceOfSatisfying(CpgSendException.class, (ex) -> assertThat(ex.outcome()).isEqualTo(outcome));
	}

}
