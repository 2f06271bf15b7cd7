package dev.cpg.faults;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * What is to be done at a time, one after the other on the thread that runs it.
 */
final class Agenda {

	private final PriorityQueue<Item> items = new PriorityQueue<>();

	private long number;

	/** Adds something, to be done after a while. */
	void in(long millis, Runnable task) {
		this.number++;
		this.items.add(new Item(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), this.number, task));
	}

	/**
	 * Does what is to be done, and returns when nothing is left.
	 */
	void run() throws InterruptedException {
		for (Item item = this.items.poll(); item != null; item = this.items.poll()) {
			TimeUnit.NANOSECONDS.sleep(item.time() - System.nanoTime());
			item.task().run();
		}
	}

	private record Item(long time, long number, Runnable task) implements Comparable<Item> {

		@Override
		public int compareTo(Item other) {
			int byTime = Long.compare(this.time, other.time);
			return (byTime != 0) ? byTime : Long.compare(this.number, other.number);
		}

	}

}
