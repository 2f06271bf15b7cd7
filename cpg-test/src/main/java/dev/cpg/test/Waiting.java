package dev.cpg.test;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what another process does and nobody tells of.
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

}
