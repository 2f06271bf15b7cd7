package dev.cpg.client.internal.cpg.send;

import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;

/**
 * A batch that nobody took: its messages are to be sent again, before any other. For
 * whoever has the right to send.
 */
final class StaleBatch {

	private final SentBatch batch;

	private final byte[] bytes;

	private int at = BatchFormat.HEAD;

	private int left;

	/**
	 * Creates one.
	 * @param bytes the whole batch
	 * @param count how many messages it has
	 */
	StaleBatch(SentBatch batch, byte[] bytes, int count) {
		this.batch = batch;
		this.bytes = bytes;
		this.left = count;
	}

	SentBatch batch() {
		return this.batch;
	}

	byte[] bytes() {
		return this.bytes;
	}

	int left() {
		return this.left;
	}

	/** Returns whether none of its messages was taken out. */
	boolean isWhole() {
		return this.at == BatchFormat.HEAD;
	}

	/** Passes over messages that were given up meanwhile. */
	boolean isOver() {
		SendFuture first = this.batch.peek();
		while (first != null && first.isDecided()) {
			poll();
			first = this.batch.peek();
		}
		return first == null;
	}

	/** Returns where the next message begins. */
	int from() {
		return this.at + BatchFormat.ENTRY;
	}

	int length() {
		return BatchFormat.entryLength(this.bytes, this.at);
	}

	/** Takes the next message out. */
	void poll() {
		this.at = from() + length();
		this.left--;
		this.batch.poll();
	}

}
