package dev.cpg.client.corosync;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * What must happen at a time and not because something arrives: ringing for requests that
 * no other thread rang for, and giving up on messages past their time limit. One thread,
 * which sleeps without limit while there is neither.
 */
final class Timer implements Runnable {

	private static final long MIN_PAUSE_NANOS = 200_000;

	private static final long MAX_PAUSE_NANOS = 8_000_000;

	private static final long NEVER = Long.MAX_VALUE;

	private volatile @Nullable Thread thread;

	/** Whether it looks at short intervals, so that nobody need wake it. */
	private volatile boolean alert;

	/** Whether it sleeps until somebody wakes it. */
	private volatile boolean asleep;

	private volatile boolean stopped;

	private volatile @Nullable Work work;

	/** What the timer does. */
	interface Work {

		/** Rings; returns whether nothing is left to ring for. */
		boolean announce();

		/** Returns whether there is something to ring for. */
		boolean hasUnannounced();

		/** Returns the {@link System#nanoTime()} of the next expiry, or the maximum. */
		long expire(long now);

		/** The ring's files were truncated under the timer's eyes. */
		void lost(InternalError fault);

	}

	void work(Work work) {
		this.work = work;
	}

	/** Something is left to ring for: makes the timer look at short intervals. */
	void announceSoon() {
		if (!this.alert) {
			this.alert = true;
			LockSupport.unpark(this.thread);
		}
	}

	/** A message is under way: makes the timer look when it is due. */
	void expireLater() {
		if (this.asleep) {
			LockSupport.unpark(this.thread);
		}
	}

	void stop() {
		this.stopped = true;
		LockSupport.unpark(this.thread);
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		Work work = this.work;
		if (work == null) {
			return;
		}
		while (!this.stopped) {
			try {
				runWork(work);
			}
			catch (InternalError ex) {
				// It comes at some later time, so that it cannot be caught where it
				// arose.
				work.lost(ex);
			}
		}
	}

	private void runWork(Work work) {
		long pause = MIN_PAUSE_NANOS;
		while (!this.stopped) {
			long due = work.expire(System.nanoTime());
			if (!work.announce()) {
				LockSupport.parkNanos(this, pause);
				pause = Math.min(2 * pause, MAX_PAUSE_NANOS);
				continue;
			}
			pause = MIN_PAUSE_NANOS;
			// From here on a sender wakes it; what was left before, it must see itself.
			this.alert = false;
			if (work.hasUnannounced()) {
				this.alert = true;
				continue;
			}
			sleep(work, due);
		}
	}

	private void sleep(Work work, long due) {
		if (due != NEVER) {
			LockSupport.parkNanos(this, due - System.nanoTime());
			return;
		}
		this.asleep = true;
		if (!this.stopped && work.expire(System.nanoTime()) == NEVER && !this.alert) {
			LockSupport.park(this);
		}
		this.asleep = false;
	}

}
