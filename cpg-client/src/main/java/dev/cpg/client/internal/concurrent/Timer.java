package dev.cpg.client.internal.concurrent;

import java.util.concurrent.locks.LockSupport;

import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import org.jspecify.annotations.Nullable;

/**
 * What must happen at a time and not because something arrives: ringing for requests that
 * no other thread rang for, and giving up on messages past their time limit. One thread,
 * which sleeps without limit while there is neither.
 */
public final class Timer implements Runnable {

	private static final long MIN_PAUSE_NANOS = 200_000;

	private static final long MAX_PAUSE_NANOS = 8_000_000;

	private static final long NEVER = Long.MAX_VALUE;

	private static final long AWAKE = Long.MIN_VALUE;

	private volatile @Nullable Thread thread;

	/** Whether it looks at short intervals, so that nobody need wake it. */
	private volatile boolean alert;

	/** The time until which it sleeps unless somebody wakes it. */
	private volatile long sleepsUntil = AWAKE;

	/** Whether outcomes wait to be told. */
	private volatile boolean relieving;

	/** When to look after them; its thread's own. */
	private long relieveDue;

	private volatile boolean stopped;

	private final Work work;

	/**
	 * Creates one, for a thread to run.
	 */
	public Timer(Work work) {
		this.work = work;
	}

	/** Something is left to ring for: makes the timer look at short intervals. */
	public void announceSoon() {
		if (!this.alert) {
			this.alert = true;
			LockSupport.unpark(this.thread);
		}
	}

	/**
	 * A message is under way: makes the timer look when it is due.
	 * @param due the {@link System#nanoTime()} of its expiry
	 */
	public void expireLater(long due) {
		if (due < this.sleepsUntil) {
			LockSupport.unpark(this.thread);
		}
	}

	/** Outcomes wait to be told: makes the timer look whether they are. */
	public void relieveSoon() {
		this.relieving = true;
		LockSupport.unpark(this.thread);
	}

	public void stop() {
		this.stopped = true;
		LockSupport.unpark(this.thread);
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		long pause = MIN_PAUSE_NANOS;
		while (!this.stopped) {
			relieve();
			this.work.expire(System.nanoTime());
			if (!this.work.announce()) {
				LockSupport.parkNanos(this, pause);
				pause = Math.min(2 * pause, MAX_PAUSE_NANOS);
				continue;
			}
			pause = MIN_PAUSE_NANOS;
			// From here on a sender wakes it; what was left before, it must see itself.
			this.alert = false;
			if (this.work.hasUnannounced()) {
				this.alert = true;
				continue;
			}
			sleep();
		}
	}

	/** However often it is woken meanwhile, it looks after the outcomes at intervals. */
	private void relieve() {
		long now = System.nanoTime();
		if (!this.relieving) {
			this.relieveDue = now + OutcomeDispatcher.PATIENCE_NANOS;
		}
		else if (now - this.relieveDue >= 0) {
			// Down before the look: who asks again meanwhile must be heard.
			this.relieving = false;
			long pause = this.work.relieve();
			if (pause != NEVER) {
				this.relieving = true;
			}
			this.relieveDue = now + Math.min(pause, OutcomeDispatcher.PATIENCE_NANOS);
		}
	}

	/**
	 * Says that it sleeps before it looks when to wake, so that a send which is due
	 * earlier is seen here or sees this.
	 */
	private void sleep() {
		this.sleepsUntil = NEVER;
		long due = this.work.expire(System.nanoTime());
		this.sleepsUntil = due;
		if (!this.stopped && !this.alert) {
			long now = System.nanoTime();
			long limit = (due == NEVER) ? NEVER : due - now;
			if (this.relieving) {
				limit = Math.min(limit, this.relieveDue - now);
			}
			if (limit == NEVER) {
				LockSupport.park(this);
			}
			else {
				LockSupport.parkNanos(this, limit);
			}
		}
		this.sleepsUntil = AWAKE;
	}

	/** What the timer does. */
	public interface Work {

		/** Rings; returns whether nothing is left to ring for. */
		boolean announce();

		/** Returns whether there is something to ring for. */
		boolean hasUnannounced();

		/**
		 * Looks after outcomes that are not told; returns after how many nanoseconds to
		 * look again, or the maximum.
		 */
		long relieve();

		/** Returns the {@link System#nanoTime()} of the next expiry, or the maximum. */
		long expire(long now);

	}

}
