package dev.cpg.client.internal.ipc;

import java.time.Duration;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.corosync.FakeTransport;
import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.SharedTimer;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.ipc.transport.FlowControl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a silent daemon is asked and given up, by a clock that the test has. The transport
 * is a fake: no real daemon answers at a chosen moment.
 */
class LivenessTests {

	private static final int RESPONSE = 7;

	private static final int CONTENT = 24;

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final Duration LIMIT = Duration.ofSeconds(2);

	private final CorosyncException silence = new CorosyncException(CsError.TIMEOUT, "silence");

	private final FakeTransport transport = new FakeTransport();

	private final IpcConnection connection = IpcConnection.withEvents(this.transport, () -> {
	}, () -> {
	});

	private final Liveness liveness = new Liveness(new SharedTimer(), this.connection, question("live"), INTERVAL,
			LIMIT, this.silence, (ex) -> {
				throw new IllegalStateException(ex);
			});

	private final long start = System.nanoTime();

	private long now = this.start;

	private long due;

	@BeforeEach
	void waitForTheFirstLook() {
		this.due = this.now + INTERVAL.toNanos();
	}

	@Test
	void aDaemonThatDoesNotAnswerIsGivenUpAfterTheLimit() {
		lookUntil(INTERVAL.plus(LIMIT).minusMillis(100));
		assertThat(this.connection.isEnded()).isFalse();
		lookUntil(INTERVAL.plus(LIMIT).plusMillis(100));
		assertThat(this.connection.isEnded()).isTrue();
		assertThat(this.connection.endCause()).isSameAs(this.silence);
		assertThat(this.transport.commits()).as("questions").isOne();
		assertThat(this.due).isEqualTo(Alarm.NEVER);
	}

	@Test
	void aDaemonThatAnswersIsAskedOnceInEachInterval() {
		for (int i = 1; i <= 10; i++) {
			look();
			assertThat(this.transport.commits()).isEqualTo(i);
			answer();
			look();
			assertThat(this.due - this.now).isEqualTo(INTERVAL.toNanos());
		}
		assertThat(this.connection.isEnded()).isFalse();
	}

	@Test
	void aDaemonFromWhichSomethingHasComeIsNotAsked() {
		for (int i = 1; i <= 5; i++) {
			answer();
			ask();
			look();
			assertThat(this.transport.commits()).as("the test's own requests").isEqualTo(i);
		}
	}

	@Test
	void theNextRequestTakesNoAnswerThatIsNotItsOwn() {
		look();
		this.transport.answer(Frames.response(RESPONSE, CsError.OK, CONTENT + Integer.BYTES).with(CONTENT, 1));
		this.transport.answer(Frames.response(RESPONSE, CsError.OK, CONTENT + Integer.BYTES).with(CONTENT, 2));
		assertThat(ask()).isEqualTo(2);
		look();
		assertThat(this.due - this.now).isEqualTo(INTERVAL.toNanos());
	}

	@Test
	void aPauseOfThisProcessDoesNotCount() {
		look();
		this.now += Duration.ofHours(1).toNanos();
		this.due = this.now;
		look();
		assertThat(this.connection.isEnded()).isFalse();
		answer();
		look();
		assertThat(this.due - this.now).isEqualTo(INTERVAL.toNanos());
	}

	@Test
	void whileTheRingReFormsTheDaemonIsNotAskedAndHasTenTimesTheLimit() {
		this.transport.flowControl(FlowControl.REQUESTS_ONLY);
		lookUntil(INTERVAL.plus(LIMIT.multipliedBy(9)));
		assertThat(this.connection.isEnded()).isFalse();
		assertThat(this.transport.commits()).isZero();
		lookUntil(INTERVAL.plus(LIMIT.multipliedBy(11)));
		assertThat(this.connection.endCause()).isSameAs(this.silence);
	}

	@Test
	void onceTheRingIsFormedTheDaemonIsAsked() {
		this.transport.flowControl(FlowControl.REQUESTS_ONLY);
		lookUntil(INTERVAL.plus(LIMIT));
		this.transport.flowControl(FlowControl.OPEN);
		look();
		assertThat(this.transport.commits()).isOne();
	}

	private void look() {
		this.now = Math.max(this.now, this.due);
		this.due = this.liveness.look(this.now);
	}

	/** Looks whenever it is due, up to a time after the start. */
	private void lookUntil(Duration time) {
		while (this.due != Alarm.NEVER && this.due - this.start <= time.toNanos()) {
			look();
		}
	}

	private void answer() {
		this.transport.answer(Frames.response(RESPONSE, CsError.OK, CONTENT + Integer.BYTES));
	}

	private int ask() {
		return this.connection.requests().ask(question("test"), Deadline.in(LIMIT));
	}

	private static Request<Integer> question(String what) {
		return new Request<>(what, CONTENT, (frame) -> {
		}, RESPONSE, (frame) -> frame.getInt(CONTENT));
	}

}
