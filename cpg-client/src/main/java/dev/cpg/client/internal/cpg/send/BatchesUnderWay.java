package dev.cpg.client.internal.cpg.send;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import org.jspecify.annotations.Nullable;

/**
 * Which batches of this member are undecided, and which of these are under way: all in
 * one epoch. Whoever has the right to send begins and sends them, whoever decides a
 * message settles them; any thread may look.
 */
final class BatchesUnderWay implements SentBatch.Owner {

	/** After this time without a batch that was sent, something is sent behind it. */
	private static final long PATIENCE_NANOS = Duration.ofMillis(100).toNanos();

	/** How many batches were begun; all but those {@link #settled} are undecided. */
	private final AtomicLong begun = new AtomicLong();

	/** How many of them were decided, or sent again message by message. */
	private final AtomicLong settled = new AtomicLong();

	private final AtomicInteger underWay = new AtomicInteger();

	/** The epoch of those that are under way. */
	private long epoch;

	/** When one was sent, or a sign for one that did not come back. */
	private long sentAt;

	/** The one that came back stale just now; for the thread that reads events. */
	private @Nullable SentBatch returned;

	/** Begins one. Returns its place among all that were begun. */
	long begin() {
		return this.begun.incrementAndGet();
	}

	/** Returns how many were begun. */
	long begun() {
		return this.begun.get();
	}

	/** Returns how many are decided. */
	long settledCount() {
		return this.settled.get();
	}

	/** Returns whether the first ones are decided. */
	boolean areSettled(long count) {
		return this.settled.get() >= count;
	}

	/** Returns whether none is undecided. */
	boolean isIdle() {
		return areSettled(this.begun.get());
	}

	/** Returns whether none is under way. */
	boolean isEmpty() {
		return this.underWay.get() == 0;
	}

	/** Returns the epoch to send the next one in: none while others are under way. */
	long epoch(long present) {
		return (present == this.epoch || isEmpty()) ? present : BatchAgreement.NONE;
	}

	/** One is about to be sent. */
	void sending(long epoch) {
		this.epoch = epoch;
		this.underWay.incrementAndGet();
		this.sentAt = System.nanoTime();
	}

	/** Returns whether something has to be sent behind those that are under way. */
	boolean takeOverdue() {
		if (isEmpty() || System.nanoTime() - this.sentAt <= PATIENCE_NANOS) {
			return false;
		}
		this.sentAt = System.nanoTime();
		return true;
	}

	@Override
	public void settled() {
		this.underWay.decrementAndGet();
		this.settled.incrementAndGet();
	}

	@Override
	public void returned(SentBatch batch) {
		this.returned = batch;
	}

	/** Returns the one that came back stale since the last call, if any did. */
	@Nullable SentBatch takeReturned() {
		SentBatch batch = this.returned;
		this.returned = null;
		return batch;
	}

	/** One that came back stale is where it will be sent again from. */
	void putBack() {
		this.underWay.decrementAndGet();
	}

	/** One that came back stale was sent again message by message. */
	void sentSingly() {
		this.settled.incrementAndGet();
	}

}
