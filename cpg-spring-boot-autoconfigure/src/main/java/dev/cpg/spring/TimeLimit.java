package dev.cpg.spring;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of a time limit, which any thread may ask.
 *
 * @param end as of {@link System#nanoTime()}
 */
record TimeLimit(long end) {

	private static final Duration LEAST = Duration.ofMillis(1);

	static TimeLimit in(Duration duration) {
		return new TimeLimit(System.nanoTime() + TimeUnit.NANOSECONDS.convert(duration));
	}

	static TimeLimit inMillis(long millis) {
		return new TimeLimit(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
	}

	boolean isOver() {
		return nanos() <= 0;
	}

	/** Returns what is left, in nanoseconds; not positive when it is over. */
	long nanos() {
		return this.end - System.nanoTime();
	}

	/** Returns what is left, but at least a millisecond: zero is no time limit. */
	Duration remaining() {
		Duration left = Duration.ofNanos(nanos());
		return (left.compareTo(LEAST) > 0) ? left : LEAST;
	}

}
