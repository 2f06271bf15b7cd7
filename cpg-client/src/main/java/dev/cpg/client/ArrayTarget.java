package dev.cpg.client;

import java.nio.ByteBuffer;

/**
 * Where a writer writes a message that becomes an array.
 */
final class ArrayTarget implements CpgMessageWriter.Target {

	private final Thread writer = Thread.currentThread();

	private final ByteBuffer message;

	ArrayTarget(int length) {
		this.message = ByteBuffer.allocate(length);
	}

	@Override
	public void put(byte value) {
		message().put(value);
	}

	@Override
	public void putInt(int value) {
		message().putInt(value);
	}

	@Override
	public void putLong(long value) {
		message().putLong(value);
	}

	@Override
	public void put(byte[] source, int offset, int length) {
		message().put(source, offset, length);
	}

	private ByteBuffer message() {
		if (Thread.currentThread() != this.writer) {
			throw new IllegalStateException("Another thread writes the message than the one that was asked to");
		}
		return this.message;
	}

	/** Returns the message; there is no room left in it. */
	byte[] toBytes() {
		if (this.message.hasRemaining()) {
			throw new IllegalArgumentException("The writer promised %d bytes and wrote %d"
				.formatted(this.message.capacity(), this.message.position()));
		}
		return this.message.array();
	}

}
