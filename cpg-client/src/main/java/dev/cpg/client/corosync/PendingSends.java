package dev.cpg.client.corosync;

import java.util.Objects;
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

	/** Whether nobody looks at what comes now. */
	private volatile boolean ended;

	/**
	 * Creates an empty queue.
	 * @param decided is given each message whose outcome is decided, once
	 */
	PendingSends(Consumer<SendFuture> decided) {
		this.decided = decided;
	}

	/**
	 * Adds one that is about to be sent.
	 * @return {@code false} if it must not be sent, as the end was told already
	 */
	boolean append(SendFuture send) {
		this.tail.next(send);
		this.tail = send;
		// Looked at after the link, as the end is told after the flag is up.
		return !this.ended;
	}

	/**
	 * An own message came back: it was delivered, and all before it were lost. A message
	 * that nobody waits for changes nothing.
	 */
	void delivered(int length, long hash, CpgView view) {
		SendFuture match = find(length, hash);
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
		removeUpTo(match);
	}

	/**
	 * Removes messages, and cuts their links: an application that keeps the future of an
	 * old one would keep all that were sent after it.
	 */
	private void removeUpTo(SendFuture last) {
		SendFuture removed = this.head;
		this.head = last;
		while (removed != last) {
			SendFuture next = Objects.requireNonNull(removed.next());
			removed.next(removed);
			removed = next;
		}
	}

	/** Returns the one after, or the first if this one was removed meanwhile. */
	private @Nullable SendFuture after(SendFuture send) {
		SendFuture next = send.next();
		return (next == send) ? this.head.next() : next;
	}

	/**
	 * Finds the first such message that waits for its outcome; if none does, one that was
	 * given up, which still tells of those before it.
	 */
	private @Nullable SendFuture find(int length, long hash) {
		SendFuture givenUp = null;
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			if (send.matches(length, hash)) {
				if (!send.isDecided()) {
					return send;
				}
				givenUp = (givenUp != null) ? givenUp : send;
			}
		}
		return givenUp;
	}

	/** Nothing that is under way will come back: the group was left. */
	void allLost() {
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			if (send.decideLost()) {
				this.decided.accept(send);
			}
			removeUpTo(send);
		}
	}

	/** Nobody will hear what becomes of what is under way. */
	void allUnknown(String why, @Nullable CpgException cause) {
		this.ended = true;
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			if (send.decideUnknown(CsError.BAD_HANDLE, why, cause)) {
				this.decided.accept(send);
			}
			removeUpTo(send);
		}
	}

	/**
	 * Gives up on messages past their time limit. They stay in the queue, so that the
	 * order of those after them is still known.
	 * @return the time at which the next one is due, {@link Long#MAX_VALUE} for none
	 */
	long expire(long now) {
		long next = Long.MAX_VALUE;
		for (SendFuture send = after(this.head); send != null; send = after(send)) {
			if (!send.isDecided()) {
				if (send.deadline() - now > 0) {
					next = Math.min(next, send.deadline());
				}
				else if (send.decideUnknown(CsError.TIMEOUT, "it did not come back within the send limit", null)) {
					this.decided.accept(send);
				}
			}
		}
		return next;
	}

}
