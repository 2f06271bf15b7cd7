package dev.cpg.client.internal.cpg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to read events: that of the delivery thread, or of the reader.
 * <p>
 * What the delivery thread reads it can tell the listener at once, without waking another
 * thread for it. But the daemon must never wait for a listener. So the delivery thread
 * says when it goes to tell the listener, and the reader looks every few milliseconds
 * meanwhile: if it finds the same call still under way, it takes the turn, and everything
 * goes through the queue until that is empty again. If it is many short calls that take
 * too long, the delivery thread hands the turn over by itself. While nothing happens both
 * wait without a limit.
 * <p>
 * All of it is in one word: the state, and above it a number that grows with each call of
 * the listener, by which two looks tell one slow call from two fast ones. The delivery
 * thread alone leaves {@link #READING}, the reader alone leaves {@link #TAKEN}, and both
 * leave {@link #TELLING} by comparing, so that one of them has it.
 */
public final class ReadOwnership {

	/** How long the daemon's events may lie unread, about, as the listener is called. */
	private static final long LOOK_NANOS = 2_000_000;

	/** For how long the delivery thread may be busy with what came at once. */
	static final long MAX_BURST_NANOS = 2 * LOOK_NANOS;

	/** The delivery thread reads, or is about to. */
	private static final int READING = 0;

	/** It is the delivery thread's turn, but it is with the listener. */
	private static final int TELLING = 1;

	/** The reader reads. */
	private static final int TAKEN = 2;

	/** Nobody reads any more. */
	private static final int CLOSED = 3;

	private static final int STATES = 4;

	private static final VarHandle WORD;

	static {
		try {
			WORD = MethodHandles.lookup().findVarHandle(ReadOwnership.class, "word", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private volatile long word;

	/** Whether the reader looks from time to time, so that nobody need wake it. */
	private volatile boolean watched;

	private volatile @Nullable Thread reader;

	private final CountDownLatch closed = new CountDownLatch(1);

	/**
	 * Creates one.
	 * @param first whether it is the delivery thread's turn at first, rather than for
	 * ever the reader's
	 */
	public ReadOwnership(boolean first) {
		this.word = first ? READING : TAKEN;
	}

	private static int state(long word) {
		return (int) (word % STATES);
	}

	private static long next(long word, int state) {
		return word - state(word) + STATES + state;
	}

	/** Returns whether it is the delivery thread's turn. For the delivery thread. */
	boolean isDeliverys() {
		return state(this.word) == READING;
	}

	/** Returns whether it is the reader's turn. For the reader. */
	boolean isReaders() {
		return state(this.word) == TAKEN;
	}

	/**
	 * The delivery thread goes to tell the listener. If it has the turn,
	 * {@link #told(long)} must follow.
	 * @return what to say then; negative if it has not
	 */
	public long telling() {
		long now = this.word;
		if (state(now) != READING) {
			return -1;
		}
		long telling = next(now, TELLING);
		// Volatile, before the look at the flag, which the reader lowers before it looks
		// here.
		this.word = telling;
		if (!this.watched) {
			this.watched = true;
			LockSupport.unpark(this.reader);
		}
		return telling;
	}

	/**
	 * The listener was told.
	 * @return whether the delivery thread still has the turn
	 */
	public boolean told(long telling) {
		return telling >= 0 && WORD.compareAndSet(this, telling, telling - TELLING + READING);
	}

	/**
	 * Hands the turn to the reader: events come faster than the listener is done with
	 * them. For the delivery thread, if it has the turn.
	 */
	void handOver() {
		this.word = next(this.word, TAKEN);
		LockSupport.unpark(this.reader);
	}

	/**
	 * Telling the listener did not end in order.
	 * @return whether the delivery thread still has the turn; if it has not, it must not
	 * close it
	 */
	boolean reclaim() {
		long now = this.word;
		return state(now) == READING || (state(now) == TELLING && told(now));
	}

	/**
	 * Waits until it is the reader's turn. For the reader, which has to be the one thread
	 * that calls it.
	 * @return whether it is; {@code false} if nobody reads any more
	 */
	boolean await() {
		this.reader = Thread.currentThread();
		long seen = -1;
		while (true) {
			long now = this.word;
			int state = state(now);
			if (state == TAKEN || state == CLOSED) {
				return state == TAKEN;
			}
			if (now != seen) {
				seen = now;
				this.watched = true;
				LockSupport.parkNanos(this, LOOK_NANOS);
			}
			else if (state == TELLING) {
				if (WORD.compareAndSet(this, now, next(now, TAKEN))) {
					return true;
				}
			}
			else {
				this.watched = false;
				if (this.word == now) {
					LockSupport.park(this);
				}
			}
		}
	}

	/**
	 * Gives the turn to the delivery thread. For the reader, while the other waits for
	 * something to tell and cannot go on: what it tells without the turn nobody watches.
	 */
	void giveBack() {
		this.word = next(this.word, READING);
	}

	/**
	 * Ends the reading. For the thread whose turn it is, or if neither thread was
	 * started.
	 */
	void close() {
		this.word = next(this.word, CLOSED);
		LockSupport.unpark(this.reader);
		this.closed.countDown();
	}

	/** Waits until the reading has ended; an interrupt changes nothing. */
	void awaitClosed() {
		while (true) {
			try {
				this.closed.await();
				return;
			}
			catch (InterruptedException ex) {
				// Nobody has a reason to.
			}
		}
	}

}
