package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class TimerTests {

	private final Timer timer = new Timer(new Work());

	private final AtomicInteger looks = new AtomicInteger();

	private volatile long due = Long.MAX_VALUE;

	private volatile boolean expired;

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

	@Test
	void aMessageIsGivenUpInTimeWhileOutcomesAreLookedAfter() {
		start();
		this.timer.relieveSoon();
		Awaitility.await().until(() -> this.looks.get() == 2);
		long begin = System.nanoTime();
		this.due = begin + Duration.ofMillis(20).toNanos();
		this.timer.expireLater(this.due);
		Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> this.expired);
		assertThat(this.looks).as("waited for the next look").hasValue(2);
	}

	private void start() {
		Thread thread = new Thread(this.timer);
		thread.setDaemon(true);
		thread.start();
		Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
	}

	private final class Work implements Timer.Work {

		@Override
		public boolean announce() {
			return true;
		}

		@Override
		public boolean hasUnannounced() {
			return false;
		}

		@Override
		public boolean relieve() {
			TimerTests.this.looks.incrementAndGet();
			return true;
		}

		@Override
		public long expire(long now) {
			long due = TimerTests.this.due;
			if (due - now > 0) {
				return due;
			}
			TimerTests.this.expired = true;
			return Long.MAX_VALUE;
		}

	}

}
