package dev.cpg.client.internal.cpg.send;

import java.util.Arrays;
import java.util.function.Consumer;

import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * The batch that messages are added to until it is sent. For whoever has the right to
 * send; any thread may ask whether it is empty, and look at the messages in it.
 */
final class OpenBatch {

	private static final int MIN_MESSAGES = 64;

	private final byte[] bytes;

	private final FrameWriter frame = new Frame();

	private int length = BatchFormat.HEAD;

	private volatile SendFuture[] messages = new SendFuture[MIN_MESSAGES];

	private volatile int count;

	private long earliest = Long.MAX_VALUE;

	/**
	 * Creates an empty one.
	 * @param size how many bytes it has room for, its head included
	 */
	OpenBatch(int size) {
		this.bytes = new byte[size];
	}

	boolean isEmpty() {
		return this.count == 0;
	}

	/** Returns whether any batch has room for a message. */
	boolean mayHold(int message) {
		return message <= this.bytes.length - BatchFormat.HEAD - BatchFormat.ENTRY;
	}

	/** Returns whether there is room for a message behind those that are in it. */
	boolean hasRoomFor(int message) {
		return message <= this.bytes.length - this.length - BatchFormat.ENTRY;
	}

	boolean isFull() {
		return !hasRoomFor(1);
	}

	/**
	 * Adds a message that there is room for.
	 * @param message its bytes, or {@code null}
	 * @param writer writes it, if there are no bytes
	 */
	void add(byte @Nullable [] message, @Nullable CpgMessageWriter writer, SendFuture future, int length) {
		int at = this.length + BatchFormat.ENTRY;
		if (message != null) {
			System.arraycopy(message, 0, this.bytes, at, length);
		}
		else if (writer != null) {
			MessageTarget.write(writer, this.frame, at, length);
		}
		BatchFormat.entryLength(this.bytes, this.length, length);
		this.length = at + length;
		int index = this.count;
		if (index == this.messages.length) {
			this.messages = Arrays.copyOf(this.messages, 2 * index);
		}
		this.messages[index] = future;
		if (index == 0 || future.deadline() - this.earliest < 0) {
			this.earliest = future.deadline();
		}
		// After the message, which those see that see the count.
		this.count = index + 1;
	}

	int length() {
		return this.length;
	}

	int count() {
		return this.count;
	}

	byte[] bytes() {
		return this.bytes;
	}

	/** Returns what is sent of it. */
	SentBatch toSent(SentBatch.Owner owner, long sequence) {
		return new SentBatch(owner, sequence, Arrays.copyOf(this.messages, this.count), this.earliest);
	}

	/** Its messages are sent, or wait elsewhere. */
	void clear() {
		int former = this.count;
		this.count = 0;
		Arrays.fill(this.messages, 0, former, null);
		this.length = BatchFormat.HEAD;
	}

	/** Gives up messages past their time limits. For any thread. */
	long expire(long now, Consumer<SendFuture> decided) {
		long next = Long.MAX_VALUE;
		int present = this.count;
		SendFuture[] all = this.messages;
		for (int i = 0; i < present; i++) {
			SendFuture message = all[i];
			if (message != null) {
				next = Math.min(next, message.expire(now, decided));
			}
		}
		return next;
	}

	/** Nobody gets any of its messages. For any thread. */
	void lose(Consumer<SendFuture> decided) {
		int present = this.count;
		SendFuture[] all = this.messages;
		for (int i = 0; i < present; i++) {
			SendFuture message = all[i];
			if (message != null) {
				message.lose(decided);
			}
		}
	}

	/** Where a writer writes. */
	private final class Frame implements FrameWriter {

		@Override
		public void putInt(int offset, int value) {
			BatchFormat.entryLength(OpenBatch.this.bytes, offset, Integer.reverseBytes(value));
		}

		@Override
		public void putBytes(int offset, byte[] source, int from, int length) {
			System.arraycopy(source, from, OpenBatch.this.bytes, offset, length);
		}

		@Override
		public void getBytes(int offset, byte[] target, int length) {
			System.arraycopy(OpenBatch.this.bytes, offset, target, 0, length);
		}

	}

}
