package dev.cpg.client.internal.ipc.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A frame in an array of exactly its length, so that whoever reads past it fails.
 */
public final class TestFrame implements FrameReader, FrameWriter {

	private final ByteBuffer buffer;

	public TestFrame(int length) {
		this(new byte[length]);
	}

	public TestFrame(byte[] bytes) {
		this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
	}

	public byte[] bytes() {
		return this.buffer.array();
	}

	public TestFrame copy() {
		return new TestFrame(bytes().clone());
	}

	/** Returns this frame with another number in it. */
	public TestFrame with(int offset, int value) {
		putInt(offset, value);
		return this;
	}

	/** Returns the first bytes of this frame, filled up with zeroes. */
	public TestFrame resized(int length) {
		return new TestFrame(Arrays.copyOf(bytes(), length));
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

	@Override
	public void getBytes(int offset, byte[] target, int length) {
		this.buffer.get(offset, target, 0, length);
	}

	@Override
	public void putInt(int offset, int value) {
		this.buffer.putInt(offset, value);
	}

	@Override
	public void putBytes(int offset, byte[] source, int from, int length) {
		this.buffer.put(offset, source, from, length);
	}

}
