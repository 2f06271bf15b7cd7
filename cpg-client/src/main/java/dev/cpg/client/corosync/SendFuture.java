package dev.cpg.client.corosync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * A message under way: what it is recognised by when it comes back, and the future that
 * the sender holds. It is one object and a link of its queue at the same time, as one is
 * made for each message.
 * <p>
 * Its outcome is decided once, by whoever is first: the event thread or the timer.
 * Telling the sender is a second step, on another thread, because completing a future
 * runs what depends on it.
 */
final class SendFuture extends CompletableFuture<CpgView> {

	/** Decided without an outcome: it was not sent after all. */
	private static final Object WITHDRAWN = new Object();

	private static final VarHandle DECISION;

	private static final VarHandle NEXT;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			DECISION = lookup.findVarHandle(SendFuture.class, "decision", Object.class);
			NEXT = lookup.findVarHandle(SendFuture.class, "next", SendFuture.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final long hash;

	private final long deadline;

	private final int length;

	/** The view it was delivered in, or the exception that it ended in. */
	private volatile @Nullable Object decision;

	private volatile @Nullable SendFuture next;

	SendFuture(int length, long hash, long deadline) {
		this.length = length;
		this.hash = hash;
		this.deadline = deadline;
	}

	boolean matches(int length, long hash) {
		return this.length == length && this.hash == hash && this.decision != WITHDRAWN;
	}

	/** It was not sent after all, and nobody holds this future. */
	void withdraw() {
		this.decision = WITHDRAWN;
	}

	long deadline() {
		return this.deadline;
	}

	@Nullable SendFuture next() {
		return this.next;
	}

	/** Release is enough: the link's fields are set before it is seen. */
	void next(SendFuture next) {
		NEXT.setRelease(this, next);
	}

	boolean isDecided() {
		return this.decision != null;
	}

	/** Returns whether this call decided it. */
	boolean decideDelivered(CpgView view) {
		return DECISION.compareAndSet(this, null, view);
	}

	boolean decideLost() {
		return DECISION.compareAndSet(this, null, new CpgSendException(Outcome.LOST, CsError.FAILED_OPERATION,
				"The daemon dropped the message: no member got it; send it again", null));
	}

	boolean decideUnknown(CsError error, String why, @Nullable CpgException cause) {
		return DECISION.compareAndSet(this, null, new CpgSendException(Outcome.UNKNOWN, error,
				"Whether the message was delivered is not known: " + why, cause));
	}

	/** Tells the sender what was decided. */
	void tell() {
		Object decision = this.decision;
		if (decision instanceof CpgView view) {
			complete(view);
		}
		else if (decision instanceof CpgSendException ex) {
			completeExceptionally(ex);
		}
	}

	/** Stages that depend on this one are plain: only a send has an outcome. */
	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new CompletableFuture<>();
	}

}
