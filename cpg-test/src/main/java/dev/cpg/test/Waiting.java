package dev.cpg.test;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Waits for a condition that another process fulfils without notice.
 */
final class Waiting {

	private static final long INTERVAL = Duration.ofMillis(20).toNanos();

	private Waiting() {
	}

	static boolean until(Duration limit, BooleanSupplier condition) {
		long end = System.nanoTime() + limit.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - end > 0) {
				return false;
			}
			if (Thread.currentThread().isInterrupted()) {
				throw new CorosyncClusterException("Interrupted while waiting for a daemon");
			}
			LockSupport.parkNanos(INTERVAL);
		}
		return true;
	}

	/**
	 * Waits through interrupts, and restores the interrupted status for the caller.
	 * @param wait waits for at most the given number of nanoseconds
	 * @return the result of the wait
	 */
	static <T extends @Nullable Object> T uninterruptibly(Duration limit, TimedWait<T> wait) {
		long end = System.nanoTime() + limit.toNanos();
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return wait.await(end - System.nanoTime());
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	interface TimedWait<T extends @Nullable Object> {

		T await(long nanos) throws InterruptedException;

	}

}
