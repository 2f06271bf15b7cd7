package dev.cpg.client.internal.cpg.send;

import java.nio.BufferOverflowException;

import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.internal.ipc.memory.FrameWriter;

/**
 * Lets a writer write a message into a frame, front to back, and never past the length
 * that the writer has promised.
 */
public final class MessageTarget implements CpgMessageWriter.Target {

	private final Thread writer = Thread.currentThread();

	private final byte[] number = new byte[Long.BYTES];

	private final FrameWriter frame;

	private final int from;

	private final int length;

	private int position;

	/**
	 * Creates it.
	 * @param from where the message begins in the frame
	 * @param length how many bytes the message has
	 */
	MessageTarget(FrameWriter frame, int from, int length) {
		this.frame = frame;
		this.from = from;
		this.length = length;
	}

	/** Has a writer write a message into a frame. */
	static void write(CpgMessageWriter writer, FrameWriter frame, int from, int length) {
		MessageTarget target = new MessageTarget(frame, from, length);
		try {
			writer.write(target);
			target.requireFull();
		}
		finally {
			target.close();
		}
	}

	/** Refuses all that is written later: the memory belongs to others then. */
	void close() {
		this.position = Integer.MAX_VALUE;
	}

	void requireFull() {
		if (this.position != this.length) {
			throw new IllegalArgumentException(
					"The writer promised %d bytes and wrote %d".formatted(this.length, this.position));
		}
	}

	@Override
	public void put(byte[] source, int offset, int length) {
		if (Thread.currentThread() != this.writer) {
			throw new IllegalStateException("Another thread writes the message than the one that was asked to");
		}
		if (length < 0 || this.position > this.length - length) {
			throw new BufferOverflowException();
		}
		write(this.position, source, offset, length);
		this.position += length;
	}

	/** Writes at a position of the message, whatever was written before. */
	public void write(int position, byte[] source, int offset, int length) {
		this.frame.putBytes(this.from + position, source, offset, length);
	}

	@Override
	public void put(byte value) {
		putNumber(value, 1);
	}

	@Override
	public void putInt(int value) {
		putNumber(value, Integer.BYTES);
	}

	@Override
	public void putLong(long value) {
		putNumber(value, Long.BYTES);
	}

	private void putNumber(long value, int bytes) {
		for (int i = 0; i < bytes; i++) {
			this.number[i] = (byte) (value >>> ((bytes - 1 - i) * Byte.SIZE));
		}
		put(this.number, 0, bytes);
	}

}
