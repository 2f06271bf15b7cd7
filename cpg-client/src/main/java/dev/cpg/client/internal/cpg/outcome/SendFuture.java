package dev.cpg.client.internal.cpg.outcome;

import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * A message under way: what it is recognised by when it comes back, and the future that
 * the sender holds. It is one object and a link of its queues at the same time, as one is
 * made for each message.
 * <p>
 * Its outcome is decided once, by whoever is first: the thread that reads events, a
 * sender or the timer.
 */
public class SendFuture extends OutcomeFuture {

	/** Decided without an outcome: it was not sent after all. */
	private static final Object WITHDRAWN = new Object();

	private final long deadline;

	private long hash;

	private int length;

	private volatile @Nullable SendFuture next;

	/** Its place in the order of the sends. */
	private long number;

	/** Whether an equal one was under way when it was sent. */
	private boolean repeat;

	/** The next one that is equal, sent while this one was under way. */
	private volatile @Nullable SendFuture nextEqual;

	/** See {@link DecidedSends}. */
	private @Nullable SendFuture nextDecided;

	/** See {@link SendIndex}; itself once it is no longer under way. */
	private volatile @Nullable SendFuture indexed;

	public SendFuture(int length, long hash, long deadline) {
		this.length = length;
		this.hash = hash;
		this.deadline = deadline;
	}

	/** Sets what it is recognised by. Before others can find it. */
	public void identify(int length, long hash) {
		this.length = length;
		this.hash = hash;
	}

	boolean matches(int length, long hash) {
		return this.length == length && this.hash == hash && !isWithdrawn();
	}

	boolean matches(SendFuture other) {
		return this.hash == other.hash && this.length == other.length;
	}

	/**
	 * It was not sent after all, and nobody holds this future.
	 * @return whether this call decided it
	 */
	boolean withdraw() {
		return redecide(WITHDRAWN) == null;
	}

	boolean isWithdrawn() {
		return decision() == WITHDRAWN;
	}

	int length() {
		return this.length;
	}

	long hash() {
		return this.hash;
	}

	public long deadline() {
		return this.deadline;
	}

	long number() {
		return this.number;
	}

	/** Sets its place. Before others can find it. */
	void number(long number) {
		this.number = number;
	}

	boolean isRepeat() {
		return this.repeat;
	}

	/** It is a further one of the same content. Before others can find it. */
	void repeats(SendFuture equal) {
		this.repeat = true;
		equal.nextEqual = this;
		if (equal.isUnindexed()) {
			// Removed meanwhile: an application that keeps its future must not keep this.
			equal.nextEqual = null;
		}
	}

	/** Returns whether an equal one was sent while this one was under way. */
	boolean isRepeated() {
		return this.nextEqual != null;
	}

	/**
	 * Returns the last of the sends up to a number that is equal to this one: itself, if
	 * none after it is.
	 */
	SendFuture lastEqualUpTo(long number) {
		SendFuture last = this;
		SendFuture equal = this.nextEqual;
		while (equal != null && equal.number <= number) {
			last = equal.isWithdrawn() ? last : equal;
			equal = equal.nextEqual;
		}
		return last;
	}

	@Nullable SendFuture indexed() {
		return this.indexed;
	}

	void indexed(@Nullable SendFuture indexed) {
		this.indexed = indexed;
	}

	boolean isUnindexed() {
		return this.indexed == this;
	}

	/** It is no longer under way: it keeps none of those that were sent around it. */
	void unindex() {
		this.indexed = this;
		if (this.nextEqual != null) {
			this.nextEqual = null;
		}
	}

	@Nullable SendFuture next() {
		return this.next;
	}

	/** Ordered before the timer is asked to expire this one, as it may look just then. */
	void next(SendFuture next) {
		this.next = next;
	}

	@Nullable SendFuture nextDecided() {
		return this.nextDecided;
	}

	void nextDecided(@Nullable SendFuture next) {
		this.nextDecided = next;
	}

	/** Returns whether it was decided to be delivered. */
	public boolean wasDelivered() {
		return decision() instanceof CpgView;
	}

	public boolean isDecided() {
		return decision() != null;
	}

	/** Returns whether this call decided it. */
	public boolean decideDelivered(CpgView view) {
		return decide(view);
	}

	/**
	 * Gives it up if it is past its time limit and undecided.
	 * @param decided is given what this call decides
	 * @return when to look again, {@link Long#MAX_VALUE} for never
	 */
	public long expire(long now, Consumer<SendFuture> decided) {
		if (isDecided()) {
			return Long.MAX_VALUE;
		}
		if (this.deadline - now > 0) {
			return this.deadline;
		}
		if (decideUnknown(CsError.TIMEOUT, "it did not come back within the send limit", null)) {
			decided.accept(this);
		}
		return Long.MAX_VALUE;
	}

	/**
	 * Decides, if that is not done, that nobody gets it.
	 * @param decided is given it if this call decides it
	 */
	public void lose(Consumer<SendFuture> decided) {
		if (decideLost()) {
			decided.accept(this);
		}
	}

	/**
	 * It was decided: has that reported. Whoever decides calls it.
	 * @param outcomes reports the outcome of a message that an application sent
	 */
	public void handOver(Consumer<SendFuture> outcomes) {
		outcomes.accept(this);
	}

	boolean decideLost() {
		return decide(new CpgSendException(Outcome.LOST, CsError.FAILED_OPERATION,
				"The daemon dropped the message: no member got it; send it again", null));
	}

	boolean decideUnknown(CsError error, String why, @Nullable CorosyncException cause) {
		return decide(new CpgSendException(Outcome.UNKNOWN, error,
				"Whether the message was delivered is not known: " + why, cause));
	}

}
