package dev.cpg.client.internal.cpg.outcome;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * The messages under way, in the order sent, which is the order in which they come back:
 * one that comes back proves those before it lost. Where equal ones are under way, which
 * of them came back may not be known: {@link OwnDeliveries} finds what is. One that was
 * given up keeps its place, as it may still come back.
 * <p>
 * A linked queue for one appending thread at a time (the sender that holds the send lock)
 * and one removing thread (the event thread); the timer and those who are about to send
 * only look.
 */
public final class PendingSends implements OwnDeliveries.Verdicts {

	private static final String EQUALS_UNDER_WAY = "equal messages were under way, and which of them came back cannot be"
			+ " seen; a number in each message makes them different";

	private static final long NEVER = Long.MAX_VALUE;

	private final Consumer<SendFuture> decided;

	private final LongConsumer expireBy;

	private final SendIndex index = new SendIndex();

	private final DuplicateBudget repeats = new DuplicateBudget();

	private final OwnDeliveries unclear = new OwnDeliveries(this);

	/** Removed already; its successor is the first that is under way. */
	private volatile SendFuture head = new SendFuture(0, 0, 0);

	private volatile SendFuture tail = this.head;

	/** The number of the send that none of those to come back lies before. */
	private volatile long overtaken;

	/** Whether those overtaken were given up, and no different message has come back. */
	private volatile boolean oneMissing;

	/** Whether nobody looks at what comes now. */
	private volatile boolean ended;

	/**
	 * Creates an empty queue.
	 * @param decided is given each message whose outcome is decided, once
	 * @param expireBy asks for {@link #expire} to be called by a
	 * {@link System#nanoTime()}
	 */
	public PendingSends(Consumer<SendFuture> decided, LongConsumer expireBy) {
		this.decided = decided;
		this.expireBy = expireBy;
	}

	/**
	 * Returns whether a message may be sent now: one that equals another under way may
	 * have to wait.
	 */
	public boolean hasRoomFor(SendFuture send) {
		return this.repeats.hasRoomFor(send) || this.index.find(send) == null;
	}

	/**
	 * Adds one that is about to be sent.
	 * @return {@code false} if it must not be sent, as the end was reported already
	 */
	public boolean append(SendFuture send) {
		SendFuture last = this.tail;
		send.number(last.number() + 1);
		SendFuture equal = this.index.find(send);
		if (equal != null) {
			send.repeats(equal);
			this.repeats.add(send);
		}
		this.index.add(send);
		last.next(send);
		this.tail = send;
		// After the link, so that one who looks just now sees it.
		this.expireBy.accept(send.deadline());
		// Looked at after the link: the end is decided after the flag is up.
		return !this.ended;
	}

	/** It was not sent after all. */
	public void withdraw(SendFuture send) {
		if (send.withdraw() && send.isRepeat()) {
			this.repeats.remove(send);
		}
	}

	/**
	 * An own message came back: those before it were lost. A message that nobody waits
	 * for changes nothing. What depends on equal messages is decided by
	 * {@link #settle()}.
	 */
	public void delivered(int length, long hash, CpgView view) {
		SendFuture first = this.head.next();
		// One that has come back was linked to its equals before it was sent.
		if (this.unclear.isEmpty() && first != null && first.matches(length, hash) && !first.isRepeated()) {
			deliveredForCertain(first, view);
			return;
		}
		findOut(length, hash, view);
	}

	/** An own message came back that is not simply the next one. */
	private void findOut(int length, long hash, CpgView view) {
		// What is sent from here on is none that came back.
		long known = this.tail.number();
		SendFuture from = this.unclear.isEmpty() ? this.head : this.unclear.last();
		SendFuture earliest = find(from, known, length, hash);
		if (earliest == null) {
			return;
		}
		boolean certain = earliest.lastEqualUpTo(known) == earliest;
		if (certain && this.unclear.isEmpty()) {
			loseUpTo(earliest);
			deliveredForCertain(earliest, view);
			return;
		}
		this.unclear.add(earliest, known, view, from.next() != earliest);
		this.overtaken = earliest.number();
		if (certain) {
			// What follows is behind this one, and decides none of those before.
			decideUnclear(false);
			removeUpTo(earliest);
		}
	}

	private void deliveredForCertain(SendFuture send, CpgView view) {
		delivered(send, view);
		removeUpTo(send);
		if (this.oneMissing) {
			this.oneMissing = false;
		}
	}

	/** Decides what is certain; the rest that the deliveries stand for never will be. */
	private void decideUnclear(boolean complete) {
		this.unclear.decide(first(), complete);
		giveUp(this.unclear.latest().number());
		this.unclear.clear();
		this.oneMissing = false;
	}

	/** Finds the first such message behind one, up to a number. */
	private static @Nullable SendFuture find(SendFuture behind, long number, int length, long hash) {
		SendFuture send = behind.next();
		while (send != null && send.number() <= number) {
			if (send.matches(length, hash)) {
				return send;
			}
			send = send.next();
		}
		return null;
	}

	private SendFuture first() {
		return Objects.requireNonNull(this.head.next());
	}

	/**
	 * Decides what has become certain of equal messages, after a burst of deliveries;
	 * what lies before a message that is certain and is not certain itself never will be.
	 */
	public void settle() {
		if (this.unclear.isUnsettled()) {
			this.unclear.decide(first(), false);
			long certain = this.unclear.certainUpTo();
			if (certain > 0) {
				giveUp(certain);
				this.oneMissing = false;
			}
			removeUpTo(this.unclear.forgetDecided(this.head));
		}
	}

	@Override
	public void delivered(SendFuture send, CpgView view) {
		if (send.decideDelivered(view)) {
			decided(send);
		}
	}

	@Override
	public void lost(SendFuture send) {
		if (send.decideLost()) {
			decided(send);
		}
	}

	private boolean unknown(SendFuture send, CsError error, String why, @Nullable CorosyncException cause) {
		boolean mine = send.decideUnknown(error, why, cause);
		if (mine) {
			decided(send);
		}
		return mine;
	}

	/** One was decided: has that reported. For whoever decided it. */
	public void decided(SendFuture send) {
		if (send.isRepeat()) {
			this.repeats.remove(send);
		}
		send.handOver(this.decided);
	}

	private void loseUpTo(SendFuture last) {
		for (SendFuture send = this.head.next(); send != null && send != last; send = send.next()) {
			lost(send);
		}
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
			this.index.remove(next);
			removed = next;
		}
	}

	/** Returns the one after, or the first if this one was removed meanwhile. */
	private @Nullable SendFuture after(SendFuture send) {
		SendFuture next = send.next();
		return (next == send) ? this.head.next() : next;
	}

	/**
	 * Nothing that is under way will come back, as the group was left: it was lost, but
	 * for equal ones of which some came back.
	 */
	public void allLost() {
		if (!this.unclear.isEmpty()) {
			decideUnclear(true);
		}
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			lost(send);
			removeUpTo(send);
		}
	}

	/** Nobody will hear what becomes of one that was appended after the end. */
	public void unknown(SendFuture send, @Nullable CorosyncException cause) {
		unknown(send, CsError.BAD_HANDLE, "the connection ended", cause);
	}

	/** Nobody will hear what becomes of what is under way. */
	public void allUnknown(String why, @Nullable CorosyncException cause) {
		this.ended = true;
		if (!this.unclear.isEmpty()) {
			this.unclear.decide(first(), false);
			this.unclear.clear();
		}
		for (SendFuture send = this.head.next(); send != null; send = send.next()) {
			unknown(send, CsError.BAD_HANDLE, why, cause);
			removeUpTo(send);
		}
	}

	/**
	 * Gives up on messages past their time limit. They stay in the queue, as they may
	 * still come back, and so that the order of those after them is still known.
	 * @return the time at which to look again, {@link Long#MAX_VALUE} for never
	 */
	public long expire(long now) {
		long next = NEVER;
		for (SendFuture send = after(this.head); send != null; send = after(send)) {
			next = Math.min(next, send.expire(now, this::decided));
		}
		return next;
	}

	/**
	 * Returns whether at least so many are under way, as far as is known: where equal
	 * ones come back, the greatest number that can be. For any thread.
	 */
	public boolean hasUnderWay(int count) {
		long back = this.overtaken;
		int found = 0;
		for (SendFuture send = after(this.head); send != null && found < count; send = after(send)) {
			found += (send.number() > back && !send.isWithdrawn()) ? 1 : 0;
		}
		return found == count;
	}

	/** Returns how many were sent, or withdrawn, so far. For any thread. */
	public long sent() {
		return this.tail.number();
	}

	/**
	 * Returns how many of those that were sent have come back, or never will as others
	 * have that were sent later; where equal ones are under way, the least number that
	 * can be. For any thread.
	 */
	public long returned() {
		return Math.max(this.head.number(), this.overtaken);
	}

	/**
	 * Returns a number that grows when a message comes back whose equals are under way.
	 */
	public long overtaken() {
		return this.overtaken;
	}

	/**
	 * Gives up on messages that nothing but their equals can decide, as there must be
	 * room for others. Any thread may call it.
	 */
	public void giveUpOvertaken() {
		if (giveUp(this.overtaken)) {
			this.oneMissing = true;
		}
	}

	/**
	 * Returns whether equal messages follow one that is missing, so that nothing but a
	 * different one can decide them.
	 */
	public boolean isOneMissing() {
		return this.oneMissing;
	}

	/** Returns whether this call gave up any. */
	private boolean giveUp(long upTo) {
		boolean any = false;
		for (SendFuture send = after(this.head); send != null && send.number() <= upTo; send = after(send)) {
			any |= unknown(send, CsError.FAILED_OPERATION, EQUALS_UNDER_WAY, null);
		}
		return any;
	}

}
