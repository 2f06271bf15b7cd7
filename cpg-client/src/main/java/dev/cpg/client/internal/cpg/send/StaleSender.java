package dev.cpg.client.internal.cpg.send;

import java.util.function.Consumer;

import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import dev.cpg.client.internal.ipc.SendSlot;

/**
 * Sends again what came back stale, before anything else: whole batches where there may
 * be any, and messages by themselves where somebody reads none. For whoever has the right
 * to send; the thread that reads events adds, and any thread may look.
 */
final class StaleSender {

	private final StaleBatches batches = new StaleBatches();

	private final BatchesUnderWay underWay;

	private final BatchOutput output;

	private final Announcements announcements;

	StaleSender(BatchesUnderWay underWay, BatchOutput output, Announcements announcements) {
		this.underWay = underWay;
		this.output = output;
		this.announcements = announcements;
	}

	/**
	 * Adds a batch.
	 * @param bytes the whole batch, which nobody changes
	 */
	void add(SentBatch batch, byte[] bytes) {
		this.batches.add(new StaleBatch(batch, bytes));
	}

	boolean isEmpty() {
		return this.batches.isEmpty();
	}

	/** Gives up messages past their time limits. Returns when to look again. */
	long expire(long now, Consumer<SendFuture> decided) {
		return this.batches.expire(now, decided);
	}

	/** Nobody gets any of the messages that were not sent again. When nobody sends. */
	void lose(Consumer<SendFuture> decided) {
		this.batches.lose(decided);
	}

	/** Sends what there is, as far as there is room. */
	void send(BatchAgreement agreement) {
		for (StaleBatch first = this.batches.first(); first != null; first = this.batches.first()) {
			if (first.isOver()) {
				this.batches.remove(first);
				this.underWay.sentSingly();
			}
			else if (!send(first, this.underWay.epoch(agreement.epoch()))) {
				return;
			}
		}
	}

	private boolean send(StaleBatch batch, long epoch) {
		if (batch.isWhole() && epoch != BatchAgreement.NONE) {
			SendSlot slot = this.output.tryRoom(batch.bytes().length);
			if (slot == null) {
				return false;
			}
			this.batches.remove(batch);
			this.output.send(slot, batch.batch().again(), epoch, batch.bytes(), batch.bytes().length);
			return true;
		}
		// What is under way comes back stale, too, and may come before.
		return this.underWay.isEmpty() && sendFirst(batch);
	}

	/** Sends the first of the messages by itself. */
	private boolean sendFirst(StaleBatch batch) {
		byte[] message = batch.message();
		SendFuture future = batch.future();
		if (this.output.losesMistakable(message, future)) {
			return true;
		}
		SendSlot slot = this.output.tryRoom(message.length);
		if (slot == null) {
			return false;
		}
		if (!this.output.send(slot, message, future)) {
			// Equal ones wait for something different, which shows what became of them.
			this.announcements.fence();
			return false;
		}
		batch.take();
		return true;
	}

}
