package dev.cpg.client.internal.cpg.outcome;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Reports outcomes to the futures of sends, in order, and so runs whatever the
 * application made depend on them. That is done by one {@link Drain} at a time: on a
 * thread of the connection, which waits for more, or as a task of an executor, which ends
 * when nothing is left.
 * <p>
 * What depends on a future may wait, even for another message of the same connection. So
 * a drain that is held up is replaced: the next one goes on where it stands, and it ends
 * when it comes back.
 * <p>
 * An outcome that nothing depends on is visible as soon as it is decided, see
 * {@link SendFuture}. It wakes no thread, and is reported a little later with others.
 */
public final class OutcomeDispatcher {

	/** How long outcomes may wait behind one that holds up its drain. */
	static final long PATIENCE_NANOS = 100_000_000;

	/** How long an outcome that nothing depends on waits for others. */
	static final long LAZY_NANOS = 5_000_000;

	/** Up to so many held-up drains, the more there are the sooner the next is. */
	private static final int MANY = 64;

	private final Consumer<Runnable> threads;

	private final @Nullable Executor executor;

	private final LongConsumer lookBy;

	private final DecidedSends decided = new DecidedSends();

	/** The drain that reports; another one that finds itself replaced ends. */
	private final AtomicReference<@Nullable Drain> current = new AtomicReference<>();

	/** Whether something depends on one that was added since the last flush. */
	private volatile boolean urgent;

	private volatile boolean added;

	private volatile boolean ended;

	/** How many were replaced and have not come back yet. */
	private final AtomicInteger heldUp = new AtomicInteger();

	/** How many were reported, for a look whether the drain goes on. */
	private volatile long reported;

	private long reportedWhenLooked = -1;

	private long lookedAt;

	/** Made while there is memory for it. */
	private final Drain last = new Drain(false);

	/**
	 * Creates one.
	 * @param threads starts a thread
	 * @param executor runs drains, {@code null} for a thread of the connection
	 * @param lookBy asks for {@link #look} to be called by a {@link System#nanoTime()}
	 */
	public OutcomeDispatcher(Consumer<Runnable> threads, @Nullable Executor executor, LongConsumer lookBy) {
		this.threads = threads;
		this.executor = executor;
		this.lookBy = lookBy;
	}

	/**
	 * Starts the thread, unless there is an executor.
	 * @throws OutOfMemoryError if none is available
	 */
	public void start() {
		if (this.executor == null) {
			startThread();
		}
	}

	/** Adds one to be reported after the next {@link #flush()}, which must follow. */
	public void add(SendFuture send) {
		// After the decision: what comes to depend on it from now on sees that.
		boolean depended = send.getNumberOfDependents() > 0;
		this.decided.add(send);
		if (depended) {
			this.urgent = true;
		}
		else {
			this.added = true;
		}
	}

	/** Has what was added reported: one wake-up for all of a burst. */
	public void flush() {
		if (this.urgent) {
			this.urgent = false;
			this.added = false;
			wake();
			this.lookBy.accept(System.nanoTime() + PATIENCE_NANOS);
		}
		else if (this.added) {
			this.added = false;
			if (this.ended) {
				wake();
			}
			else {
				this.lookBy.accept(System.nanoTime() + LAZY_NANOS);
			}
		}
	}

	/** From now on a drain ends when everything is reported. */
	public void end() {
		this.ended = true;
		Drain drain = this.current.get();
		if (drain != null) {
			drain.wake();
		}
		else if (!this.decided.isEmpty()) {
			replace(null);
		}
	}

	/**
	 * Returns when the last outcomes are reported, however long what depends on one of
	 * them takes. To be called after the end, by a thread that has nothing else to do.
	 */
	public void awaitReported() {
		long now = System.nanoTime();
		for (long due = look(now); due != Alarm.NEVER; due = look(now)) {
			if (this.current.compareAndSet(null, this.last)) {
				// No thread was available.
				this.last.run();
			}
			LockSupport.parkNanos(this, due - now);
			// An interrupt is meant for what depended on the last one.
			Thread.interrupted();
			now = System.nanoTime();
		}
	}

	/** Makes sure that a drain sees what was added. */
	private void wake() {
		Drain drain = this.current.get();
		if (drain == null || this.ended) {
			// At the end nobody looks any more whether it is held up.
			replace(drain);
		}
		else {
			drain.wake();
		}
	}

	/**
	 * Replaces the drain if outcomes wait and it has reported none for a while. Those
	 * behind several that are held up must not wait for each of them as long as for the
	 * first.
	 * @return when to look again, {@link Alarm#NEVER} if no outcome waits
	 */
	public synchronized long look(long now) {
		if (!this.decided.hasUnreported()) {
			this.reportedWhenLooked = -1;
			return Alarm.NEVER;
		}
		Drain drain = this.current.get();
		if (drain == null || drain.wake()) {
			// One that is idle is not held up: it goes on with what was just added.
			if (drain == null) {
				replace(null);
			}
			note(this.reported, now);
		}
		else if (this.reported != this.reportedWhenLooked) {
			note(this.reported, now);
		}
		else if (now - this.lookedAt >= patience()) {
			// The next one takes one at once, and may be held up by that.
			note(this.reported + 1, now);
			replace(drain);
		}
		return this.lookedAt + patience();
	}

	private void note(long reported, long now) {
		this.reportedWhenLooked = reported;
		this.lookedAt = now;
	}

	private long patience() {
		int heldUp = this.heldUp.get();
		return (heldUp < MANY) ? PATIENCE_NANOS / (1 + heldUp) : PATIENCE_NANOS;
	}

	/**
	 * Replaces a drain that is held up, or starts one where there is none. If neither a
	 * task nor a thread is available, the next look tries again.
	 */
	private void replace(@Nullable Drain heldUp) {
		// An executor that has not begun the last one may be held up itself.
		Executor executor = (heldUp == null || heldUp.begun) ? this.executor : null;
		Drain next = newDrain();
		if (next == null || !this.current.compareAndSet(heldUp, next)) {
			return;
		}
		if (heldUp != null) {
			this.heldUp.incrementAndGet();
		}
		try {
			if (executor == null || !next.executeBy(executor)) {
				this.threads.accept(next);
			}
		}
		catch (RuntimeException | Error ex) {
			this.current.compareAndSet(next, null);
		}
	}

	/** Returns {@code null} if there is no memory for it: the next look tries again. */
	private @Nullable Drain newDrain() {
		try {
			return new Drain(this.executor == null);
		}
		catch (OutOfMemoryError ex) {
			return null;
		}
	}

	private void startThread() {
		Drain drain = new Drain(true);
		this.current.set(drain);
		this.threads.accept(drain);
	}

	/** One that was replaced may count, too; what matters is that it grows. */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	private void count() {
		this.reported++;
	}

	/** Reports outcomes one after the other, until it is replaced or none is left. */
	private final class Drain implements Runnable {

		/** Whether it waits for more when nothing is left. */
		private final boolean stays;

		private volatile boolean begun;

		/** Waits for more. */
		private volatile @Nullable Thread idle;

		/** The thread that gives this to an executor just now. */
		private volatile @Nullable Thread submitter;

		Drain(boolean stays) {
			this.stays = stays;
		}

		/**
		 * Gives this to an executor.
		 * @return {@code false} if that does not run it, or has run it on the calling
		 * thread, which may be one that reads events
		 */
		boolean executeBy(Executor executor) {
			this.submitter = Thread.currentThread();
			try {
				executor.execute(this);
				return this.submitter != null;
			}
			catch (RuntimeException | Error ex) {
				return false;
			}
			finally {
				this.submitter = null;
			}
		}

		@Override
		public void run() {
			if (this.submitter == Thread.currentThread()) {
				this.submitter = null;
				return;
			}
			this.begun = true;
			for (SendFuture send = next(); send != null; send = next()) {
				try {
					send.report();
				}
				catch (Throwable ex) {
					CpgLog.MESSAGES.error()
						.cause(ex)
						.log("What depends on the outcome of a message threw an exception");
				}
			}
		}

		/** Returns {@code null} if this is to end. */
		private @Nullable SendFuture next() {
			while (isCurrent()) {
				SendFuture send = OutcomeDispatcher.this.decided.poll();
				if (send != null) {
					count();
					return send;
				}
				if (this.stays && !OutcomeDispatcher.this.ended) {
					awaitMore();
				}
				else if (leave()) {
					return null;
				}
			}
			OutcomeDispatcher.this.heldUp.decrementAndGet();
			return null;
		}

		private boolean isCurrent() {
			return OutcomeDispatcher.this.current.get() == this;
		}

		/** Returns {@code false} if it was replaced, or if there is more to do. */
		private boolean leave() {
			AtomicReference<@Nullable Drain> current = OutcomeDispatcher.this.current;
			return current.compareAndSet(this, null)
					&& (OutcomeDispatcher.this.decided.isEmpty() || !current.compareAndSet(null, this));
		}

		private void awaitMore() {
			this.idle = Thread.currentThread();
			while (OutcomeDispatcher.this.decided.isEmpty() && !OutcomeDispatcher.this.ended && isCurrent()) {
				LockSupport.park(this);
				// An interrupt is meant for what depended on the last one.
				Thread.interrupted();
			}
			this.idle = null;
		}

		/** Wakes it if it waits for more; returns whether it does. */
		boolean wake() {
			Thread thread = this.idle;
			LockSupport.unpark(thread);
			return thread != null;
		}

	}

}
