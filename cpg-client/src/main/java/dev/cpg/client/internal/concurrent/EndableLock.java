package dev.cpg.client.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A lock of something that ends, such as a connection. Nobody waits for it after that: a
 * thread that a fault came to while it held the lock never gives it back.
 */
public final class EndableLock {

	/** How often a thread that waits looks for the end. */
	private static final Duration LOOK = Duration.ofMillis(500);

	private final ReentrantLock lock;

	private final BooleanSupplier ended;

	/**
	 * Creates one.
	 * @param fair whether it is given to who has waited longest
	 * @param ended whether the end has come
	 */
	public EndableLock(boolean fair, BooleanSupplier ended) {
		this.lock = new ReentrantLock(fair);
		this.ended = ended;
	}

	/** Takes it if it is free. */
	public boolean tryLock() {
		return this.lock.tryLock();
	}

	/** Takes it, unless the time is over or the end has come. */
	public boolean lock(Deadline deadline) {
		while (!this.ended.getAsBoolean()) {
			if (deadline.slice(LOOK).lock(this.lock)) {
				return true;
			}
			if (deadline.isOver()) {
				return false;
			}
		}
		return false;
	}

	/**
	 * Takes it, unless the time is over, the end has come or the thread is interrupted.
	 */
	public boolean lockInterruptibly(Deadline deadline) {
		while (!this.ended.getAsBoolean()) {
			if (deadline.slice(LOOK).lockInterruptibly(this.lock)) {
				return true;
			}
			if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
				return false;
			}
		}
		return false;
	}

	/** Takes it though the end may have come, unless the time is over. */
	public boolean lockEvenAtEnd(Deadline deadline) {
		return deadline.lock(this.lock);
	}

	/** Gives it back, if this thread holds it. */
	public void unlock() {
		unlock(this.lock);
	}

	/**
	 * Gives a lock back, if this thread holds it: where the stack overflows while it is
	 * taken, it may be held or not.
	 */
	public static void unlock(ReentrantLock lock) {
		if (lock.isHeldByCurrentThread()) {
			lock.unlock();
		}
	}

	public boolean isHeldByCurrentThread() {
		return this.lock.isHeldByCurrentThread();
	}

}
