package dev.cpg.client.internal.cpg.outcome;

import java.util.List;
import java.util.function.Consumer;

import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;

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

	private final long sequence;

	private final SendFuture[] messages;

	/**
	 * Creates one.
	 * @param owner whoever sends it
	 * @param sequence its place among the batches of its owner
	 * @param messages its messages, which nobody changes
	 * @param earliest the first time limit of a message
	 */
	public SentBatch(Owner owner, long sequence, SendFuture[] messages, long earliest) {
		super(0, 0, earliest);
		this.owner = owner;
		this.sequence = sequence;
		this.messages = messages;
	}

	/** Returns another batch that has the messages of this one, and its place. */
	public SentBatch again() {
		return new SentBatch(this.owner, this.sequence, this.messages, deadline());
	}

	/** Returns its place among the batches of its owner. */
	public long sequence() {
		return this.sequence;
	}

	/** Returns how many messages it has. */
	public int size() {
		return this.messages.length;
	}

	/** Returns a message. */
	public SendFuture message(int index) {
		return this.messages[index];
	}

	/** Gives up those of its messages that are past their time limits. */
	@Override
	public long expire(long now, Consumer<SendFuture> decided) {
		long next = Long.MAX_VALUE;
		for (SendFuture message : this.messages) {
			next = Math.min(next, message.expire(now, decided));
		}
		return next;
	}

	@Override
	public void handOver(Consumer<SendFuture> outcomes) {
		Object outcome = decision();
		if (outcome == STALE) {
			this.owner.returned(this);
			return;
		}
		for (SendFuture message : this.messages) {
			if (outcome != null && message.decide(outcome)) {
				outcomes.accept(message);
			}
		}
		this.owner.settled();
	}

	/** Whoever sends batches. */
	public interface Owner {

		/** A batch was decided, and its messages with it. */
		void settled();

		/** A batch came back stale: its messages are undecided. */
		void returned(SentBatch batch);

	}

}
