package dev.cpg.client.corosync;

import java.util.function.Consumer;

import dev.cpg.client.CpgException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * The messages under way, in the order sent, which is the order in which they come back:
 * one that comes back proves those before it lost.
 * <p>
 * A linked queue for one appending thread at a time (the sender that holds the send lock)
 * and one removing thread (the event thread); the timer only looks.
 */
final class PendingSends {

	private final Consumer<SendFuture> decided;

	/** Removed already; its successor is the first that is under way. */
	private volatile SendFuture head = new SendFuture(0, 0, 0);

	private SendFuture tail = this.head;

	/**
	 * Creates an empty queue.
	 * @param decided is given each message whose outcome is decided, once
	 */
	PendingSends(Consumer<SendFuture> decided) {
		this.decided = decided;
	}

	void append(SendFuture send) {
		this.tail.next(send);
		this.tail = send;
	}

	/**
	 * An own message came back: it was delivered, and all before it were lost. A message
	 * that nobody waits for changes nothing.
	 */
	void delivered(int length, long hash, CpgView view) {
		SendFuture match = this.head.next();
		while (match != null && !match.matches(length, hash)) {
			match = match.next();
		}
		if (match == null) {
			return;
		}
		for (SendFuture lost = this.head.next(); lost != null && lost != match; lost = lost.next()) {
			if (lost.decideLost()) {
				this.decided.accept(lost);
			}
		}
		if (match.decideDelivered(view)) {
			this.decided.accept(match);
		}
		this.head = match;
	}

	/** Nothing that is under way will come back: the group was left. */
	void allLost() {
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			if (send.decideLost()) {
				this.decided.accept(send);
			}
			this.head = send;
		}
	}

	/** Nobody will hear what becomes of what is under way. */
	void allUnknown(String why, @Nullable CpgException cause) {
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			if (send.decideUnknown(CsError.BAD_HANDLE, why, cause)) {
				this.decided.accept(send);
			}
			this.head = send;
		}
	}

	/**
	 * Gives up on messages past their time limit. They stay in the queue, so that the
	 * order of those after them is still known.
	 * @return the time at which the next one is due, {@link Long#MAX_VALUE} for none
	 */
	long expire(long now) {
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			if (!send.isDecided()) {
				if (send.deadline() - now > 0) {
					return send.deadline();
				}
				if (send.decideUnknown(CsError.TIMEOUT, "it did not come back within the send limit", null)) {
					this.decided.accept(send);
				}
			}
		}
		return Long.MAX_VALUE;
	}

}
