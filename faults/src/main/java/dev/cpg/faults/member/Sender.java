package dev.cpg.faults.member;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Sends at a moderate rate: some small messages in a row, and now and then one that goes
 * in fragments.
 */
final class Sender {

	private static final int RATE_PER_SECOND = 20;

	private static final int MOST_IN_A_ROW = 9;

	private static final int ONE_OF_LARGE = 40;

	private static final int LEAST_LARGE = 1_100_000;

	private static final int MORE_LARGE = 900_000;

	private final Sends sends;

	private final RandomGenerator random;

	private final Thread thread = new Thread(Repeater.guarded(this::run), "sender");

	private volatile boolean stopped;

	Sender(Sends sends, RandomGenerator random) {
		this.sends = sends;
		this.random = random;
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		while (!this.stopped) {
			int messages = 1 + this.random.nextInt(MOST_IN_A_ROW);
			for (int i = 0; i < messages && !this.stopped; i++) {
				this.sends.send(this.random.nextInt(200));
			}
			if (this.random.nextInt(ONE_OF_LARGE) == 0) {
				this.sends.send(LEAST_LARGE + this.random.nextInt(MORE_LARGE));
			}
			LockSupport.parkNanos(
					(long) (this.random.nextDouble() * 2 * messages * TimeUnit.SECONDS.toNanos(1)) / RATE_PER_SECOND);
		}
	}

	/** Returns when it sends no more. */
	void stop() throws InterruptedException {
		this.stopped = true;
		this.thread.join();
	}

}
