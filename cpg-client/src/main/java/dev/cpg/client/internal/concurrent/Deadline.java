package dev.cpg.client.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of a time limit, and ways of waiting that keep to it. An interrupt does not cut
 * a wait for the daemon short, as the daemon's answer comes anyway and would be taken for
 * that to the next request. The thread's interrupt status is kept for the caller. For one
 * thread.
 */
public final class Deadline {

	/** Answers come within microseconds, so the first looks follow fast. */
	private static final int SPINS = 200;

	private static final long MIN_PAUSE_NANOS = 20_000;

	private static final long MAX_PAUSE_NANOS = 1_000_000;

	private static final long REST_NANOS = 400_000;

	private static final long MIN_NEAR_NANOS = 50_000_000;

	private final long at;

	private final long near;

	private int pauses;

	private Deadline(long at, long near) {
		this.at = at;
		this.near = near;
	}

	public static Deadline in(Duration timeout) {
		long nanos = nanos(timeout);
		return new Deadline(System.nanoTime() + nanos, Math.max(nanos / 10, MIN_NEAR_NANOS));
	}

	/** Returns the {@link System#nanoTime()} at which a time that begins now ends. */
	public static long nanoTimeIn(Duration timeout) {
		return System.nanoTime() + nanos(timeout);
	}

	/**
	 * At most half the range of nanoTime, so that the difference of two times never
	 * overflows.
	 */
	private static long nanos(Duration timeout) {
		try {
			return Math.min(timeout.toNanos(), Long.MAX_VALUE / 2);
		}
		catch (ArithmeticException ex) {
			return Long.MAX_VALUE / 2;
		}
	}

	/** Returns the deadline at a {@link System#nanoTime()}. */
	public static Deadline at(long nanoTime) {
		return new Deadline(nanoTime, MIN_NEAR_NANOS);
	}

	public long nanoTime() {
		return this.at;
	}

	/** Returns the earlier one of this and the end of a time that begins now. */
	Deadline slice(Duration timeout) {
		return (remainingNanos() > timeout.toNanos()) ? in(timeout) : this;
	}

	public long remainingNanos() {
		return this.at - System.nanoTime();
	}

	public boolean isOver() {
		return remainingNanos() <= 0;
	}

	/**
	 * Returns whether it is too late for another request: the last tenth of the limit is
	 * for an answer, which a busy machine may be slow to give.
	 */
	public boolean isNear() {
		return remainingNanos() < this.near;
	}

	/** Waits a little before the next look, longer from time to time. */
	public void pause() {
		this.pauses++;
		if (this.pauses < SPINS) {
			Thread.onSpinWait();
			return;
		}
		sleep(Math.min(MIN_PAUSE_NANOS << Math.min((this.pauses - SPINS) / 8, 10), MAX_PAUSE_NANOS));
	}

	/**
	 * Waits for room: not too short, so that there is some for more than one when it
	 * looks again.
	 */
	public void rest() {
		this.pauses++;
		sleep(Math.min(REST_NANOS << Math.min(this.pauses / 8, 10), MAX_PAUSE_NANOS));
	}

	private void sleep(long pause) {
		boolean interrupted = Thread.interrupted();
		LockSupport.parkNanos(this, Math.min(pause, Math.max(1, remainingNanos())));
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/** Takes a lock, unless the time is over first. */
	public boolean lock(Lock lock) {
		return await((nanos) -> lock.tryLock(nanos, TimeUnit.NANOSECONDS));
	}

	/**
	 * Runs something under a lock, unless the time is over before that is free.
	 * @return whether it was run
	 */
	public boolean runLocked(Lock lock, Runnable action) {
		if (!lock(lock)) {
			return false;
		}
		try {
			action.run();
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	/** Takes a permit, unless the time is over first. */
	public boolean acquire(Semaphore semaphore) {
		return await((nanos) -> semaphore.tryAcquire(nanos, TimeUnit.NANOSECONDS));
	}

	/** Waits for a latch; returns whether it was open in time. */
	public boolean await(CountDownLatch latch) {
		return await((nanos) -> latch.await(nanos, TimeUnit.NANOSECONDS));
	}

	/** Waits for a future; returns whether it was done in time, whatever came of it. */
	public boolean await(Future<?> future) {
		return await((nanos) -> {
			try {
				future.get(nanos, TimeUnit.NANOSECONDS);
				return true;
			}
			catch (ExecutionException ex) {
				return true;
			}
			catch (TimeoutException ex) {
				return false;
			}
		});
	}

	private boolean await(Wait wait) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return wait.await(remainingNanos());
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

	/**
	 * Takes a lock, unless the time is over or the thread is interrupted first.
	 */
	public boolean lockInterruptibly(Lock lock) {
		if (lock.tryLock()) {
			return true;
		}
		try {
			return lock.tryLock(remainingNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/** A wait that an interrupt would end. */
	private interface Wait {

		boolean await(long nanos) throws InterruptedException;

	}

}
