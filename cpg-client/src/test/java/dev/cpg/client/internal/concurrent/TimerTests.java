package dev.cpg.client.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class TimerTests {

	private final Timer timer = new Timer(new Work());

	private final AtomicInteger looks = new AtomicInteger();

	private final AtomicInteger expired = new AtomicInteger();

	/** Whether a message is sent at each look, for a millisecond. */
	private volatile boolean sendsAtLook;

	@AfterEach
	void stop() {
		this.timer.stop();
	}

	@Test
	void outcomesAreLookedAfterAtIntervalsHoweverOftenItIsWoken() {
		start();
		long begin = System.nanoTime();
		this.timer.relieveSoon();
		while (System.nanoTime() - begin < Duration.ofMillis(500).toNanos()) {
			this.timer.announceSoon();
			Thread.onSpinWait();
		}
		long intervals = (System.nanoTime() - begin) / Duration.ofMillis(100).toNanos();
		assertThat((long) this.looks.get()).isBetween(2L, intervals + 2);
	}

	/** A busy machine may oversleep some of them, until the next look. */
	@Test
	void aMessageIsGivenUpInTimeWhileOutcomesAreLookedAfter() {
		this.sendsAtLook = true;
		start();
		this.timer.relieveSoon();
		Awaitility.await().until(() -> this.looks.get() > 10);
		assertThat(this.expired).as("given up before the next look").hasValueGreaterThan(5);
	}

	private void start() {
		Thread thread = new Thread(this.timer);
		thread.setDaemon(true);
		thread.start();
		Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
	}

	private final class Work implements Timer.Work {

		private long due = Long.MAX_VALUE;

		@Override
		public boolean announce() {
			return true;
		}

		@Override
		public boolean hasUnannounced() {
			return false;
		}

		@Override
		public long relieve() {
			TimerTests.this.looks.incrementAndGet();
			if (TimerTests.this.sendsAtLook) {
				this.due = System.nanoTime() + Duration.ofMillis(1).toNanos();
			}
			return OutcomeDispatcher.PATIENCE_NANOS;
		}

		@Override
		public long expire(long now) {
			if (this.due - now > 0) {
				return this.due;
			}
			TimerTests.this.expired.incrementAndGet();
			this.due = Long.MAX_VALUE;
			return Long.MAX_VALUE;
		}

	}

}
