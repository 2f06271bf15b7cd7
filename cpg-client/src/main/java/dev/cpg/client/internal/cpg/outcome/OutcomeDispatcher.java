package dev.cpg.client.internal.cpg.outcome;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Tells senders of their outcomes, in order, on a thread that exists for that: completing
 * a future runs whatever the application made depend on it.
 * <p>
 * Such an action may wait, even for another message of the same connection. So a thread
 * that is held up is replaced: the next one goes on where it stands, and it ends when it
 * comes back.
 */
public final class OutcomeDispatcher {

	/** How long outcomes may go untold before they are looked after. */
	public static final long PATIENCE_NANOS = 100_000_000;

	/** There is nothing to look after. */
	static final long NEVER = Long.MAX_VALUE;

	/** Up to so many held-up threads, the more there are the sooner the next is. */
	private static final int MANY = 64;

	private final Consumer<Runnable> threads;

	private final Runnable watch;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition notEmpty = this.lock.newCondition();

	/** Filled and emptied without the lock: it comes by the hundred thousand. */
	private final Queue<SendFuture> decided = new ConcurrentLinkedQueue<>();

	/** The thread that tells; another one that finds itself replaced ends. */
	private volatile @Nullable Thread teller;

	/** How many were added since the last flush. */
	private final AtomicInteger added = new AtomicInteger();

	private boolean idle;

	private boolean watched;

	private boolean ended;

	/** How many were replaced and have not come back yet. */
	private int heldUp;

	/** The present teller's count, for a look whether it goes on. */
	private volatile long told;

	private long toldWhenLooked = -1;

	/**
	 * Creates it; the first thread is started at once.
	 * @param threads starts a thread
	 * @param watch asks for {@link #relieve()} to be called from time to time
	 */
	public OutcomeDispatcher(Consumer<Runnable> threads, Runnable watch) {
		this.threads = threads;
		this.watch = watch;
	}

	public void start() {
		this.threads.accept(this::tell);
	}

	/** Adds one to be told after the next {@link #flush()}, which must follow. */
	public void add(SendFuture send) {
		this.decided.add(send);
		this.added.incrementAndGet();
	}

	/** Has told what was added: one wake-up for all of a burst. */
	public void flush() {
		if (this.added.get() == 0) {
			return;
		}
		int count = this.added.getAndSet(0);
		boolean wake = false;
		this.lock.lock();
		try {
			// Whoever is told first may hold up the thread: what is left then needs
			// watching.
			int left = this.decided.isEmpty() ? 0 : count;
			if (this.idle && left > 0) {
				this.idle = false;
				this.notEmpty.signalAll();
				left--;
			}
			if (this.ended && left > 0) {
				// Added after the end by one who was late: nobody looks any more.
				startTeller();
			}
			else if (!this.watched && left > 0) {
				this.watched = true;
				wake = true;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (wake) {
			this.watch.run();
		}
	}

	/** From now on the threads end when everything is told. */
	public void end() {
		this.lock.lock();
		try {
			this.ended = true;
			this.idle = false;
			this.notEmpty.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Sees to it that the last are told, however long what depends on one of them takes.
	 * To be called after the end, by a thread that has nothing else to do.
	 */
	public void awaitTold() {
		try {
			for (long pause = relieve(); pause != NEVER; pause = relieve()) {
				LockSupport.parkNanos(this, pause);
			}
		}
		catch (OutOfMemoryError ex) {
			// There can be no more threads.
			tell();
		}
	}

	private void startTeller() {
		this.teller = null;
		this.threads.accept(this::tell);
	}

	/**
	 * Replaces the thread if outcomes wait and it has told none since the last call. Who
	 * is behind several that are held up must not wait for each of them as long as for
	 * the first.
	 * @return after how many nanoseconds to look again, {@link #NEVER} if none waits
	 */
	public long relieve() {
		this.lock.lock();
		try {
			if (this.decided.isEmpty()) {
				this.watched = false;
				this.toldWhenLooked = -1;
				return NEVER;
			}
			// One that is idle is not held up: it will be woken for what was just added.
			if (!this.idle && this.told == this.toldWhenLooked) {
				this.heldUp++;
				startTeller();
				// It takes the next one at once, and may be held up by that.
				this.toldWhenLooked = this.told + 1;
			}
			else {
				this.toldWhenLooked = this.told;
			}
			return (this.heldUp < MANY) ? PATIENCE_NANOS / (1 + this.heldUp) : PATIENCE_NANOS;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void tell() {
		this.lock.lock();
		try {
			this.teller = Thread.currentThread();
		}
		finally {
			this.lock.unlock();
		}
		for (SendFuture send = next(); send != null; send = next()) {
			try {
				send.tell();
			}
			catch (Throwable ex) {
				CpgLog.MESSAGES.error().cause(ex).log("What depends on the outcome of a message threw an exception");
			}
		}
		comeBack();
	}

	/** A thread that was replaced is held up no more. */
	private void comeBack() {
		this.lock.lock();
		try {
			if (this.teller != Thread.currentThread() && this.heldUp > 0) {
				this.heldUp--;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns {@code null} if this thread is to end. */
	private @Nullable SendFuture next() {
		while (this.teller == Thread.currentThread()) {
			SendFuture send = this.decided.poll();
			if (send != null) {
				count();
				return send;
			}
			if (!awaitMore()) {
				return null;
			}
			Thread.interrupted();
		}
		return null;
	}

	/** One that was replaced may count, too; what matters is that it grows. */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	private void count() {
		this.told++;
	}

	/** Returns {@code false} if nothing more comes. */
	private boolean awaitMore() {
		this.lock.lock();
		try {
			// What was added before the lock was taken wakes nobody any more.
			while (this.decided.isEmpty() && !this.ended && this.teller == Thread.currentThread()) {
				this.idle = true;
				this.notEmpty.awaitUninterruptibly();
				if (this.teller == Thread.currentThread()) {
					this.idle = false;
				}
			}
			return !this.decided.isEmpty() || !this.ended;
		}
		finally {
			this.lock.unlock();
		}
	}

}
