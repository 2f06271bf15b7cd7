package dev.cpg.client.internal.cpg.outcome;

import java.util.List;
import java.util.function.Consumer;

import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * Several messages that go in one multicast: what is under way is the batch, and what
 * becomes of it becomes of each of its messages.
 */
public final class SentBatch extends SendFuture {

	/**
	 * The view of a batch that came back and was dropped by all members: nothing is known
	 * of its messages, which are to be sent again.
	 */
	public static final CpgView STALE = new CpgView(RingId.NONE, List.of());

	private final Owner owner;

	/** The messages, linked to those behind. */
	private volatile @Nullable SendFuture first;

	private @Nullable SendFuture last;

	private volatile long earliest = Long.MAX_VALUE;

	public SentBatch(Owner owner) {
		super(0, 0, 0);
		this.owner = owner;
	}

	/** Adds a message. One thread at a time, until it is sent. */
	public void add(SendFuture message) {
		SendFuture before = this.last;
		this.last = message;
		if (before == null) {
			this.earliest = message.deadline();
			this.first = message;
		}
		else {
			if (message.deadline() - this.earliest < 0) {
				this.earliest = message.deadline();
			}
			before.next(message);
		}
	}

	/** Returns the first of the messages that were not taken. */
	public @Nullable SendFuture peek() {
		return this.first;
	}

	/** Takes the first message out. One thread at a time. */
	public @Nullable SendFuture poll() {
		SendFuture taken = this.first;
		if (taken != null) {
			this.first = taken.next();
			taken.unlink();
		}
		return taken;
	}

	/** Returns another batch that has the messages of this one. */
	public SentBatch again() {
		SentBatch again = new SentBatch(this.owner);
		again.earliest = this.earliest;
		again.last = this.last;
		again.first = this.first;
		return again;
	}

	@Override
	public long deadline() {
		return this.earliest;
	}

	/** Gives up those of its messages that are past their time limits. */
	@Override
	public long expire(long now, Consumer<SendFuture> decided) {
		long next = Long.MAX_VALUE;
		for (SendFuture message = this.first; message != null; message = message.next()) {
			next = Math.min(next, message.expire(now, decided));
		}
		return next;
	}

	/** Nobody gets any of its messages. */
	public void lose(Consumer<SendFuture> decided) {
		for (SendFuture message = this.first; message != null; message = message.next()) {
			if (message.decideLost()) {
				decided.accept(message);
			}
		}
	}

	@Override
	public void handOver(Consumer<SendFuture> outcomes) {
		Object outcome = decision();
		if (outcome == STALE) {
			this.owner.stale(this);
			return;
		}
		for (SendFuture message = poll(); message != null; message = poll()) {
			if (outcome != null && message.decide(outcome)) {
				outcomes.accept(message);
			}
		}
		this.owner.settled();
	}

	/** Whoever sent it. */
	public interface Owner {

		/** A batch was decided, and its messages with it. */
		void settled();

		/** A batch came back, and its messages are undecided. */
		void stale(SentBatch batch);

	}

}
