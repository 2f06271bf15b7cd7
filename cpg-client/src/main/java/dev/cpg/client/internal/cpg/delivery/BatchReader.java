package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.batch.OwnBatches;

/**
 * Recognises batches and announcements among the messages, and does what follows from
 * those that bring no message. Used by whoever reads events.
 */
public final class BatchReader {

	private final BatchAgreement agreement;

	private final OwnBatches own;

	private final DroppedMessages dropped;

	private volatile long batches;

	/** How many messages the batches held that were delivered. */
	private volatile long messages;

	private volatile long staleBatches;

	public BatchReader(BatchAgreement agreement, OwnBatches own, DroppedMessages dropped) {
		this.agreement = agreement;
		this.own = own;
		this.dropped = dropped;
	}

	BatchAgreement agreement() {
		return this.agreement;
	}

	/**
	 * Returns how it stands with batches. For any thread.
	 * @param sent how many batches this member has sent
	 * @param sentMessages how many messages these held
	 */
	public CpgBatchStatistics statistics(long sent, long sentMessages) {
		return new CpgBatchStatistics(true, this.agreement.epoch() != BatchAgreement.NONE, this.agreement.silent(),
				sent, sentMessages, this.batches, this.messages, this.staleBatches);
	}

	/** This member has left the group. */
	void left() {
		this.own.left();
	}

	/**
	 * Reads a message.
	 * @param bytes the message's bytes are the first ones
	 * @param view the view in which it comes
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	Content read(byte[] bytes, int length, CpgAddress sender, boolean local, CpgView view) {
		int type = BatchFormat.type(bytes, length, sender);
		long number = BatchFormat.number(bytes);
		if (type == 0 || (type == BatchFormat.BATCH && !this.agreement.mayBatch(sender))) {
			return Content.PAYLOAD;
		}
		if (type == BatchFormat.ANNOUNCEMENT) {
			this.agreement.announced(sender, number, BatchFormat.tag(bytes), BatchFormat.count(bytes));
			return Content.ANNOUNCEMENT;
		}
		if (!this.agreement.isPresent(BatchFormat.tag(bytes))) {
			this.staleBatches++;
			if (local) {
				this.own.stale(number, length, bytes);
			}
			return Content.NOTHING;
		}
		if (!BatchFormat.isWhole(bytes, length)) {
			this.dropped.add(DroppedMessages.Cause.MALFORMED, sender,
					() -> "its batch of %s messages does not fit its %d bytes"
						.formatted(Integer.toUnsignedString(BatchFormat.count(bytes)), length));
			return Content.NOTHING;
		}
		this.batches++;
		this.messages += BatchFormat.count(bytes);
		if (local) {
			this.own.delivered(number, length, view);
		}
		return Content.BATCH;
	}

	/** What a message is. */
	enum Content {

		/** The message of an application, as it is. */
		PAYLOAD,

		/** Messages of an application. */
		BATCH,

		/** A member's announcement. */
		ANNOUNCEMENT,

		/** Something that nobody gets. */
		NOTHING

	}

}
