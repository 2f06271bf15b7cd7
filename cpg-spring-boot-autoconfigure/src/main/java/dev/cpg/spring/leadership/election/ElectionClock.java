package dev.cpg.spring.leadership.election;

/**
 * The clocks of a member. Any thread may call it.
 */
public interface ElectionClock {

	/**
	 * Returns a time in nanoseconds that only grows, as {@link System#nanoTime()} does.
	 * Leases are measured with it.
	 */
	long nanoTime();

	/**
	 * Returns the time of day in milliseconds, as {@link System#currentTimeMillis()}
	 * does. Tokens begin with it; it may be wrong.
	 */
	long wallTime();

	/**
	 * Returns for how many nanoseconds the machine was suspended since its start, which
	 * {@link #nanoTime()} does not count. A lease that a suspension falls into is over.
	 */
	default long suspendedTime() {
		return 0;
	}

}
