package dev.cpg.embedded;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What is to happen at a time of the engine's clock.
 */
final class Timers implements Step {

	/** There is none. */
	static final long NEVER = Long.MAX_VALUE;

	private final PriorityQueue<Timer> timers = new PriorityQueue<>(
			Comparator.comparingLong(Timer::time).thenComparingLong(Timer::number));

	private long count;

	private long now;

	void add(long time, Runnable task) {
		this.timers.add(new Timer(time, this.count++, task));
	}

	/** Sets the clock. */
	void advance(long now) {
		this.now = now;
	}

	/** Returns when the next one is due. */
	long next() {
		Timer next = this.timers.peek();
		return (next != null) ? next.time : NEVER;
	}

	@Override
	public boolean isEnabled() {
		return next() <= this.now;
	}

	@Override
	public void run() {
		this.timers.remove().task.run();
	}

	/** The number keeps timers of one time in the order in which they were set. */
	private record Timer(long time, long number, Runnable task) {

	}

}
