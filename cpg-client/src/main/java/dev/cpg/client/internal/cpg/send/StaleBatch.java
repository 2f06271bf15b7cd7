package dev.cpg.client.internal.cpg.send;

import java.util.Arrays;
import java.util.function.Consumer;

import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;

/**
 * A batch whose messages are to be sent again. For whoever has the right to send.
 */
final class StaleBatch {

	private final SentBatch batch;

	private final byte[] bytes;

	/** Where the first message that was not taken begins. */
	private int at = BatchFormat.HEAD;

	private int taken;

	/**
	 * Creates one.
	 * @param bytes the whole batch
	 */
	StaleBatch(SentBatch batch, byte[] bytes) {
		this.batch = batch;
		this.bytes = bytes;
	}

	SentBatch batch() {
		return this.batch;
	}

	byte[] bytes() {
		return this.bytes;
	}

	/** Returns whether none of its messages was taken. */
	boolean isWhole() {
		return this.taken == 0;
	}

	/**
	 * Returns whether no message is left; those that were given up meanwhile are taken.
	 */
	boolean isOver() {
		while (this.taken < this.batch.size() && future().isDecided()) {
			take();
		}
		return this.taken == this.batch.size();
	}

	/** Returns the first message's future. */
	SendFuture future() {
		return this.batch.message(this.taken);
	}

	/** Returns the first message. */
	byte[] message() {
		int from = this.at + BatchFormat.ENTRY;
		return Arrays.copyOfRange(this.bytes, from, from + BatchFormat.entryLength(this.bytes, this.at));
	}

	/** Takes the first message. */
	void take() {
		this.at += BatchFormat.ENTRY + BatchFormat.entryLength(this.bytes, this.at);
		this.taken++;
	}

	/** Gives up messages past their time limits. */
	long expire(long now, Consumer<SendFuture> decided) {
		long next = Long.MAX_VALUE;
		for (int i = this.taken; i < this.batch.size(); i++) {
			next = Math.min(next, this.batch.message(i).expire(now, decided));
		}
		return next;
	}

	/** Nobody gets any of the messages that are left. */
	void lose(Consumer<SendFuture> decided) {
		for (int i = this.taken; i < this.batch.size(); i++) {
			this.batch.message(i).lose(decided);
		}
	}

}
