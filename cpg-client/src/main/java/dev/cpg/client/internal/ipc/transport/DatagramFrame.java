package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;

/**
 * A received datagram. Its buffer has one byte more than any may have, so that a longer
 * one, which the kernel cuts, is known by that.
 */
final class DatagramFrame implements FrameReader {

	private final ByteBuffer buffer;

	private int length;

	/**
	 * Creates one for many datagrams, one after another.
	 * @param buffer receives them
	 */
	DatagramFrame(ByteBuffer buffer) {
		this.buffer = buffer.order(ByteOrder.nativeOrder());
	}

	ByteBuffer buffer() {
		return this.buffer;
	}

	/** Takes what was received, unless no honest daemon sends it. */
	DatagramFrame of(int length) throws IOException {
		if (length < FrameHeader.RESPONSE || length >= this.buffer.capacity()) {
			throw new IOException("the daemon sent a datagram of %s bytes"
				.formatted((length < this.buffer.capacity()) ? length : "more than " + (length - 1)));
		}
		this.length = length;
		return this;
	}

	@Override
	public int length() {
		return this.length;
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
