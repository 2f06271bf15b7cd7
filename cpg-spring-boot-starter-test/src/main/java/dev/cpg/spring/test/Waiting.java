package dev.cpg.spring.test;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Waits for what other threads bring about.
 *
 * @param limit the longest time to wait
 */
record Waiting(Duration limit) {

	static final Waiting DEFAULT = new Waiting(Duration.ofSeconds(10));

	private static final Duration INTERVAL = Duration.ofMillis(5);

	/**
	 * Waits until a condition holds.
	 * @param condition is asked by the calling thread
	 * @param failure says what is the case instead
	 * @throws AssertionError if it does not hold in time
	 */
	void until(BooleanSupplier condition, Supplier<String> failure) {
		try {
			Awaitility.await()
				.pollInSameThread()
				.pollDelay(Duration.ZERO)
				.pollInterval(INTERVAL)
				.atMost(this.limit)
				.until(condition::getAsBoolean);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(failure.get() + "\nThis was awaited for " + this.limit + ".", ex);
		}
	}

}
