package dev.cpg.client.internal.cpg.send;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.SendGate;
import dev.cpg.client.internal.ipc.SendSlot;
import org.jspecify.annotations.Nullable;

/**
 * Puts batches, and what is sent between them, into the transport. For whoever has the
 * right to send.
 */
final class BatchOutput {

	private final SendGate gate;

	private final CpgAddress sender;

	private final PendingSends pending;

	private final FrameSender frames;

	private final BatchesUnderWay underWay;

	/** Grows from one life of this member to the next, too. */
	private long number = System.currentTimeMillis() << 20;

	/** How much of all kinds was sent. */
	private volatile long commits;

	private volatile long batches;

	private volatile long messages;

	BatchOutput(SendGate gate, CpgAddress sender, PendingSends pending, FrameSender frames, BatchesUnderWay underWay) {
		this.gate = gate;
		this.sender = sender;
		this.pending = pending;
		this.frames = frames;
		this.underWay = underWay;
	}

	/** Returns a number that no batch and no announcement of this member had before. */
	long nextNumber() {
		return ++this.number;
	}

	/** Returns how much was sent, of all kinds. For any thread. */
	long commits() {
		return this.commits;
	}

	/** Returns how many batches were sent. For any thread. */
	long batches() {
		return this.batches;
	}

	/** Returns how many messages these held. For any thread. */
	long messages() {
		return this.messages;
	}

	/** Returns room for a message, {@code null} if there is none now. */
	@Nullable SendSlot tryRoom(int length) {
		return this.gate.tryRoom(FrameSender.MULTICAST, CpgRequests.MULTICAST_HEADER + length);
	}

	/**
	 * Sends what is a whole batch but for its head.
	 * @param bytes its bytes, the first ones of an array
	 */
	void send(SendSlot slot, SentBatch batch, long epoch, byte[] bytes, int length) {
		send(slot, batch, epoch, bytes, length, length);
	}

	/**
	 * Sends a batch of one message, without a copy of that. It begins when the message is
	 * written: a writer may throw.
	 * @param message its bytes, or {@code null}
	 * @param writer writes it, if there are no bytes
	 */
	void send(SendSlot slot, SendFuture future, long epoch, byte @Nullable [] message,
			@Nullable CpgMessageWriter writer, int length) {
		int start = BatchFormat.HEAD + BatchFormat.ENTRY;
		byte[] head = new byte[start];
		BatchFormat.entryLength(head, BatchFormat.HEAD, length);
		if (message != null) {
			slot.frame().putBytes(CpgRequests.MULTICAST_HEADER + start, message, 0, length);
		}
		else if (writer != null) {
			MessageTarget.write(writer, slot.frame(), CpgRequests.MULTICAST_HEADER + start, length);
		}
		SentBatch batch = new SentBatch(this.underWay, this.underWay.begin(), new SendFuture[] { future },
				future.deadline());
		send(slot, batch, epoch, head, start, start + length);
	}

	/** Sends a batch of which all but the first bytes were written already. */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	private void send(SendSlot slot, SentBatch batch, long epoch, byte[] first, int count, int length) {
		long number = nextNumber();
		BatchFormat.writeHead(first, length, this.sender, BatchFormat.BATCH, number, epoch, batch.size());
		CpgRequests.writeMulticastHeader(slot.frame(), length);
		slot.frame().putBytes(CpgRequests.MULTICAST_HEADER, first, 0, count);
		batch.identify(length, BatchFormat.hash(number));
		this.underWay.sending(epoch);
		commit(slot, batch);
		this.batches++;
		this.messages += batch.size();
	}

	/**
	 * Sends a message that is no batch.
	 * @return {@code false} if it must not be sent now, see {@link PendingSends}
	 */
	boolean send(SendSlot slot, byte[] message, SendFuture future) {
		if (!this.frames.write(slot, message, future)) {
			return false;
		}
		commit(slot, future);
		return true;
	}

	/**
	 * Gives up a message that others would take for a batch of this member, which only a
	 * writer can have written: the application's arrays were looked at before.
	 * @return whether it is one
	 */
	boolean losesMistakable(byte[] message, SendFuture future) {
		boolean mistakable = BatchFormat.type(message, message.length, this.sender) != 0;
		if (mistakable) {
			future.lose(this.pending::decided);
		}
		return mistakable;
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // by who has the right to send
	private void commit(SendSlot slot, SendFuture future) {
		try {
			this.frames.commit(slot, future);
			this.commits++;
		}
		catch (CorosyncException ex) {
			// The end was reported already.
			this.pending.unknown(future, ex);
			throw ex;
		}
	}

}
