package dev.cpg.client.internal.cpg.delivery;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Which thread reads events: the delivery thread or the reader.
 * <p>
 * What the delivery thread reads it dispatches to the listener at once, without waking
 * another thread for it. But the daemon must never wait for a listener. So the delivery
 * thread marks each call of the listener, and the reader looks every few milliseconds
 * meanwhile: if it finds the same call still under way, it takes the ownership over, and
 * everything goes through the queue until that is empty again. If many short calls take
 * too long together, the delivery thread releases the ownership by itself. While nothing
 * happens both wait without a limit.
 * <p>
 * All of it is in one word: the state, and above it a number that grows with each call of
 * the listener, so that one slow call does not look like two fast ones. Only the delivery
 * thread leaves {@link #DELIVERY_READS}, only the reader leaves {@link #READER_READS},
 * and both leave {@link #LISTENER_RUNS} by comparing, so that one of them succeeds.
 */
public final class ReadOwnership {

	/**
	 * For about how long the daemon's events may lie unread while the listener is called.
	 */
	private static final long LOOK_NANOS = 2_000_000;

	/** For how long a burst may keep the delivery thread busy. */
	static final long MAX_BURST_NANOS = 2 * LOOK_NANOS;

	/** The delivery thread owns the reading. */
	private static final int DELIVERY_READS = 0;

	/** The delivery thread owns the reading, but has called the listener. */
	private static final int LISTENER_RUNS = 1;

	/** The reader owns the reading. */
	private static final int READER_READS = 2;

	/** Nobody reads any more. */
	private static final int CLOSED = 3;

	private static final int STATES = 4;

	private final AtomicLong word;

	/** Whether the reader looks from time to time, so that nobody needs to wake it. */
	private volatile boolean watched;

	private volatile @Nullable Thread reader;

	/**
	 * Creates an ownership.
	 * @param deliveryReads whether the delivery thread owns it at first; otherwise the
	 * reader owns it until it is closed
	 */
	ReadOwnership(boolean deliveryReads) {
		this.word = new AtomicLong(deliveryReads ? DELIVERY_READS : READER_READS);
	}

	private static int state(long word) {
		return (int) (word % STATES);
	}

	private static long next(long word, int state) {
		return word - state(word) + STATES + state;
	}

	/**
	 * Returns whether the delivery thread owns the reading. For the delivery thread.
	 */
	boolean isDeliveryThreads() {
		return state(this.word.get()) == DELIVERY_READS;
	}

	/** Returns whether the reader owns the reading. For the reader. */
	boolean isReaders() {
		return state(this.word.get()) == READER_READS;
	}

	/**
	 * The delivery thread is about to call the listener. {@link #exitListener(long)} must
	 * follow. For the delivery thread.
	 * @return what to pass to it
	 */
	long enterListener() {
		long now = this.word.get();
		if (state(now) != DELIVERY_READS) {
			return -1;
		}
		long call = next(now, LISTENER_RUNS);
		// Volatile, before the look at the flag, which the reader lowers before it looks
		// here.
		this.word.set(call);
		if (!this.watched) {
			this.watched = true;
			LockSupport.unpark(this.reader);
		}
		return call;
	}

	/**
	 * The listener has returned. For the delivery thread.
	 * @return whether this thread owned the reading before, and still does
	 */
	boolean exitListener(long call) {
		return call >= 0 && this.word.compareAndSet(call, call - LISTENER_RUNS + DELIVERY_READS);
	}

	/**
	 * Releases the ownership to the reader: events come faster than the listener takes
	 * them. For the delivery thread, if it owns the reading.
	 */
	void releaseToReader() {
		this.word.set(next(this.word.get(), READER_READS));
		LockSupport.unpark(this.reader);
	}

	/**
	 * Releases the ownership to the delivery thread. For the reader, while the other
	 * waits for the queue and cannot go on: nobody watches what it dispatches without the
	 * ownership.
	 */
	void releaseToDelivery() {
		this.word.set(next(this.word.get(), DELIVERY_READS));
	}

	/**
	 * Waits until the reader owns the reading. For the reader, which has to be the one
	 * thread that calls it.
	 * @return whether it does; {@code false} if nobody reads any more
	 */
	boolean awaitReaders() {
		this.reader = Thread.currentThread();
		long seen = -1;
		while (true) {
			long now = this.word.get();
			int state = state(now);
			if (state == READER_READS || state == CLOSED) {
				return state == READER_READS;
			}
			if (now != seen) {
				seen = now;
				this.watched = true;
				LockSupport.parkNanos(this, LOOK_NANOS);
				Thread.interrupted();
			}
			else if (state == LISTENER_RUNS) {
				if (this.word.compareAndSet(now, next(now, READER_READS))) {
					return true;
				}
			}
			else {
				this.watched = false;
				if (this.word.get() == now) {
					LockSupport.park(this);
					// With it no park would wait any more.
					Thread.interrupted();
				}
			}
		}
	}

	/** Ends the reading if the reader owns it. For the reader. */
	void closeByReader() {
		if (isReaders()) {
			close();
		}
	}

	/**
	 * Ends the reading if the delivery thread owns it, be it that a call of the listener
	 * did not end in order. For the delivery thread.
	 */
	void closeByDelivery() {
		long now = this.word.get();
		if (state(now) == DELIVERY_READS || (state(now) == LISTENER_RUNS && exitListener(now))) {
			close();
		}
	}

	/**
	 * Ends the reading. For the thread that owns it, or if that thread was not started.
	 */
	void close() {
		this.word.set(next(this.word.get(), CLOSED));
		LockSupport.unpark(this.reader);
	}

}
