package dev.cpg.client.internal.cpg.send;

import java.util.Arrays;

import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * The batch that messages are added to until it is sent. For whoever has the right to
 * send; any thread may ask whether there is one.
 */
final class OpenBatch implements FrameWriter {

	/** Up to so many bytes it takes several messages. */
	private final int size;

	private byte[] bytes;

	private int length = BatchFormat.HEAD;

	private int count;

	private volatile @Nullable SentBatch batch;

	OpenBatch(int size) {
		this.size = size;
		this.bytes = new byte[size];
	}

	/** Returns the batch, {@code null} if there is none. */
	@Nullable SentBatch batch() {
		return this.batch;
	}

	void begin(SentBatch batch) {
		this.batch = batch;
	}

	/** Returns whether a message finds room; the first one always does. */
	boolean hasRoomFor(int message) {
		return this.count == 0 || message <= this.size - this.length - BatchFormat.ENTRY;
	}

	/** Writes a message behind those that are in it. */
	void write(byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length) {
		int at = this.length + BatchFormat.ENTRY;
		if (length > this.bytes.length - at) {
			this.bytes = Arrays.copyOf(this.bytes, at + length);
		}
		if (message != null) {
			System.arraycopy(message, 0, this.bytes, at, length);
		}
		else if (writer != null) {
			MessageTarget.write(writer, this, at, length);
		}
	}

	/** The message was written. */
	void add(SentBatch batch, SendFuture message, int length) {
		BatchFormat.entryLength(this.bytes, this.length, length);
		this.length += BatchFormat.ENTRY + length;
		this.count++;
		batch.add(message);
	}

	boolean isFull() {
		return this.length + BatchFormat.ENTRY >= this.size;
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

	/** It is sent, or somebody else's. */
	void clear() {
		this.batch = null;
		this.length = BatchFormat.HEAD;
		this.count = 0;
		if (this.bytes.length > 2 * this.size) {
			this.bytes = new byte[this.size];
		}
	}

	@Override
	public void putInt(int offset, int value) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void putBytes(int offset, byte[] source, int from, int length) {
		System.arraycopy(source, from, this.bytes, offset, length);
	}

	@Override
	public void getBytes(int offset, byte[] target, int length) {
		System.arraycopy(this.bytes, offset, target, 0, length);
	}

}
