package dev.cpg.client.internal.cpg.send;

import java.time.Duration;

import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.cpg.outcome.PendingSends;

/**
 * How many multicasts of this member may be under way, sent and not come back, before
 * messages are collected, and before full batches wait, too. What comes back makes room
 * for the next one, so the cluster's own pace decides how large batches are, and nobody
 * waits for a time. Where nothing comes back, as while a ring forms, what was collected
 * goes after a while all the same. For any thread.
 */
final class SendWindow {

	/**
	 * One that is under way to the others, and one that lies ready for the daemon when
	 * that is its turn to send again.
	 */
	private static final int SIZE = 2;

	/**
	 * The daemon keeps what a member has not read. Once the ring of events, of 1 MiB, is
	 * full, it looks after that only when something else happens, or 20 times a second.
	 * With as many bytes under way three members on a node kept pace; with a third more
	 * they did not, and with a third less three nodes were slower.
	 */
	private static final int BYTES = 6 << 16;

	private static final long PATIENCE_NANOS = Duration.ofMillis(50).toNanos();

	private final PendingSends pending;

	private final BatchHelpers helpers;

	/** How many full batches may be under way. */
	private final int full;

	/** Whether the timer looks, so that nobody needs to ask. */
	private volatile boolean watched;

	/** How many had come back at the last look, or when that was asked for. */
	private volatile long seen;

	/**
	 * Creates one.
	 * @param size how many bytes a full batch has
	 */
	SendWindow(PendingSends pending, BatchHelpers helpers, int size) {
		this.pending = pending;
		this.helpers = helpers;
		this.full = Math.max(SIZE, BYTES / size);
	}

	/** Returns whether any may go now. */
	boolean isOpen() {
		return !this.pending.hasUnderWay(SIZE);
	}

	/** Returns whether a full one may go now. */
	boolean isOpenForFull() {
		return this.pending.sent() - this.pending.returned() < this.full;
	}

	/**
	 * Something is collected until one comes back: has the timer look whether any does.
	 */
	void watch() {
		if (!this.watched) {
			this.watched = true;
			this.seen = this.pending.returned();
			this.helpers.lookBy(System.nanoTime() + PATIENCE_NANOS);
		}
	}

	/**
	 * Sends what was collected if nothing has come back since the last look, or what
	 * there is an occasion for. For the timer.
	 * @return when to look again
	 */
	long look(long now, WaitingBatches waiting) {
		long returned = this.pending.returned();
		if (returned == this.seen) {
			waiting.flush();
		}
		else {
			waiting.advance();
		}
		this.seen = returned;
		// From here on a sender asks; what was left before, this must see itself.
		this.watched = false;
		if (!waiting.isCollecting()) {
			return Alarm.NEVER;
		}
		this.watched = true;
		return now + PATIENCE_NANOS;
	}

}
