package dev.cpg.client.internal.cpg.send;

import java.util.Arrays;
import java.util.function.Consumer;

import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import dev.cpg.client.internal.ipc.SendSlot;
import org.jspecify.annotations.Nullable;

/**
 * Collects messages in the open batch, and sends it when there is an occasion. For
 * whoever has the right to send; any thread may ask whether there are any.
 */
final class BatchCollector {

	private final OpenBatch open;

	private final BatchesUnderWay underWay;

	private final BatchOutput output;

	private final SendWindow window;

	/**
	 * Creates one.
	 * @param size how many bytes a batch of several messages has at most
	 */
	BatchCollector(int size, BatchesUnderWay underWay, BatchOutput output, SendWindow window) {
		this.open = new OpenBatch(size);
		this.underWay = underWay;
		this.output = output;
		this.window = window;
	}

	/** Returns whether no message waits here. */
	boolean isEmpty() {
		return this.open.isEmpty();
	}

	/** Returns whether a message of that length can be in a batch with others. */
	boolean mayHold(int length) {
		return this.open.mayHold(length);
	}

	/** Returns whether what was collected may go now. */
	boolean isOccasion() {
		return this.window.isOpen() || (this.open.isFull() && this.window.isOpenForFull());
	}

	/**
	 * Adds a message.
	 * @param message its bytes, or {@code null}
	 * @param writer writes it, if there are no bytes
	 * @return its future, {@code null} if it has to wait
	 */
	@Nullable SendFuture add(long epoch, byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length,
			long deadline) {
		boolean single = !this.open.mayHold(length);
		if (!this.open.hasRoomFor(length) && !((single || this.window.isOpenForFull()) && send(epoch))) {
			return null;
		}
		SendFuture future = new SendFuture(length, 0, deadline);
		if (single) {
			return sendSingle(epoch, message, writer, future, length) ? future : null;
		}
		this.open.add(message, writer, future, length);
		if (this.open.count() == 1) {
			this.underWay.begin();
		}
		return future;
	}

	/** Sends a batch of one that is larger than others are. */
	private boolean sendSingle(long epoch, byte @Nullable [] message, @Nullable CpgMessageWriter writer,
			SendFuture future, int length) {
		SendSlot slot = this.output.tryRoom(BatchFormat.HEAD + BatchFormat.ENTRY + length);
		if (slot == null) {
			return false;
		}
		this.output.send(slot, future, epoch, message, writer, length);
		return true;
	}

	/**
	 * Sends what was collected, if there is room.
	 * @param epoch the epoch to send it in, {@link BatchAgreement#NONE} for not now
	 * @return whether nothing waits here any more
	 */
	boolean send(long epoch) {
		if (this.open.isEmpty()) {
			return true;
		}
		int length = this.open.length();
		SendSlot slot = (epoch != BatchAgreement.NONE) ? this.output.tryRoom(length) : null;
		if (slot == null) {
			return false;
		}
		SentBatch batch = take();
		this.output.send(slot, batch, epoch, this.open.bytes(), length);
		return true;
	}

	/** Puts what was collected behind what came back stale, as there may be no batch. */
	void moveTo(StaleSender stale) {
		if (!this.open.isEmpty()) {
			byte[] bytes = Arrays.copyOf(this.open.bytes(), this.open.length());
			stale.add(take(), bytes);
		}
	}

	private SentBatch take() {
		SentBatch batch = this.open.toSent(this.underWay, this.underWay.begun());
		this.open.clear();
		return batch;
	}

	/** Gives up messages past their time limits. For any thread. */
	long expire(long now, Consumer<SendFuture> decided) {
		return this.open.expire(now, decided);
	}

	/** Nobody gets what waits here. For any thread. */
	void lose(Consumer<SendFuture> decided) {
		this.open.lose(decided);
	}

}
