package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.cpg.client.internal.ipc.memory.FrameReader;

/**
 * A frame in an array, without a ring.
 */
final class ArrayFrame implements FrameReader {

	private final ByteBuffer buffer;

	ArrayFrame(int length) {
		this.buffer = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
	}

	void putInt(int offset, int value) {
		this.buffer.putInt(offset, value);
	}

	@Override
	public int length() {
		return this.buffer.capacity();
	}

	@Override
	public int getInt(int offset) {
		return this.buffer.getInt(offset);
	}

	@Override
	public void getBytes(int offset, byte[] target, int from, int length) {
		this.buffer.get(offset, target, from, length);
	}

}
