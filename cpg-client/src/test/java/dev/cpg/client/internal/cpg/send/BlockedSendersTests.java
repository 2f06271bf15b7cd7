package dev.cpg.client.internal.cpg.send;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cpg.client.internal.concurrent.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several senders that wait at the same time.
 */
@Timeout(60)
class BlockedSendersTests {

	private static final int COUNT = 5;

	private final BlockedSenders blocked = new BlockedSenders();

	@Test
	void allOfThemAreWokenAndNotOnlyTheLast() throws InterruptedException {
		CountDownLatch waiting = new CountDownLatch(COUNT);
		CountDownLatch woken = new CountDownLatch(COUNT);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < COUNT; i++) {
			Thread thread = new Thread(() -> this.blocked.await(() -> {
				waiting.countDown();
				// A wake-up from here on counts, whether the thread waits already or not.
				LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
				woken.countDown();
				return true;
			}, Deadline.in(Duration.ofMinutes(1))));
			threads.add(thread);
			thread.start();
		}
		assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
		this.blocked.wake();
		assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
		for (Thread thread : threads) {
			thread.join();
		}
	}

	@Test
	void whoWakesTheOthersDoesNotLookAgainForThatAlone() {
		this.blocked.await(() -> {
			this.blocked.wake();
			long before = System.nanoTime();
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
			assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(10).toNanos());
			return true;
		}, Deadline.in(Duration.ofMinutes(1)));
	}

}
