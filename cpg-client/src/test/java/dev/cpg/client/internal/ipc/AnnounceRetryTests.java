package dev.cpg.client.internal.ipc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.internal.concurrent.SharedTimer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class AnnounceRetryTests {

	private final SharedTimer timer = new SharedTimer();

	private final AtomicInteger tries = new AtomicInteger();

	private volatile boolean busy;

	/** How often something is left behind a try that left nothing. */
	private final AtomicInteger comeLate = new AtomicInteger();

	private final AnnounceRetry retry = new AnnounceRetry(this.timer, this::tryAnnounce,
			() -> this.comeLate.getAndDecrement() > 0, (failure) -> {
			});

	@BeforeEach
	void start() {
		this.timer.add(this.retry.alarm());
	}

	@AfterEach
	void stop() {
		this.timer.remove(this.retry.alarm());
	}

	@Test
	void whatIsAskedForIsTriedOnce() {
		this.retry.announceLater();
		Awaitility.await().until(() -> this.tries.get() == 1);
		this.retry.announceLater();
		Awaitility.await().until(() -> this.tries.get() == 2);
	}

	@Test
	void aDaemonThatIsBusyIsTriedUntilItIsNot() {
		this.busy = true;
		this.retry.announceLater();
		Awaitility.await().until(() -> this.tries.get() > 5);
		this.busy = false;
		int before = this.tries.get();
		Awaitility.await().until(() -> this.tries.get() > before);
	}

	/** Else a sender at full speed would have it try all the time. */
	@Test
	void howeverOftenItIsAskedItTriesAtIntervals() {
		this.busy = true;
		long begun = System.nanoTime();
		while (System.nanoTime() - begun < Duration.ofMillis(500).toNanos()) {
			this.retry.announceLater();
			Thread.onSpinWait();
		}
		long intervals = (System.nanoTime() - begun) / Duration.ofMillis(8).toNanos();
		// Those before the longest interval is reached, and one over.
		assertThat((long) this.tries.get()).isBetween(2L, intervals + 8);
	}

	@Test
	void whatCameWhileItTriedIsNotMissed() {
		this.comeLate.set(3);
		this.retry.announceLater();
		Awaitility.await().until(() -> this.tries.get() == 4);
	}

	private boolean tryAnnounce() {
		this.tries.incrementAndGet();
		return !this.busy;
	}

}
