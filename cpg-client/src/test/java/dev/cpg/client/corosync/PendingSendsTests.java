package dev.cpg.client.corosync;

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

	private final PendingSends pending = new PendingSends(SendFuture::tell);

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
	void equalMessagesAreInterchangeable() {
		SendFuture first = send(5, 50);
		SendFuture second = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		assertThat(first).isCompletedWithValue(VIEW);
		assertThat(second).isNotDone();
	}

	@Test
	void aMessageOfTheSameLengthAndOtherContentIsNotTaken() {
		SendFuture send = send(5, 50);
		this.pending.delivered(5, 51, VIEW);
		this.pending.delivered(6, 50, VIEW);
		assertThat(send).isNotDone();
	}

	@Test
	void aGivenUpMessageDoesNotTakeTheDeliveryOfALaterEqualOne() {
		SendFuture givenUp = send(5, 50, 100);
		this.pending.expire(200);
		SendFuture later = send(5, 50);
		this.pending.delivered(5, 50, VIEW);
		assertOutcome(givenUp, Outcome.UNKNOWN);
		assertThat(later).isCompletedWithValue(VIEW);
	}

	@Test
	void aWithdrawnMessageIsPassedOver() {
		SendFuture withdrawn = send(5, 50);
		withdrawn.withdraw();
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
		PendingSends removing = new PendingSends((send) -> self[0].delivered(6, 60, VIEW));
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
	void afterTheEndOfTheConnectionNothingIsKnown() {
		SendFuture send = send(5, 50);
		this.pending.allUnknown("the connection ended", null);
		assertOutcome(send, Outcome.UNKNOWN);
	}

	@Test
	void afterTheEndWasToldNoneIsTaken() {
		assertThat(this.pending.append(new SendFuture(5, 50, 0))).isTrue();
		this.pending.allUnknown("the connection ended", null);
		assertThat(this.pending.append(new SendFuture(5, 50, 0))).isFalse();
	}

	@Test
	void aMessagePastItsLimitIsUnknownAndStillTellsOfTheOnesBefore() {
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
