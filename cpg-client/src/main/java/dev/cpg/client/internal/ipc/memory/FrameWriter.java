package dev.cpg.client.internal.ipc.memory;

/**
 * Room for a message in the transport, to be filled and committed.
 */
public interface FrameWriter {

	void putInt(int offset, int value);

	void putBytes(int offset, byte[] source, int from, int length);

	/** Reads back what was written. */
	void getBytes(int offset, byte[] target, int length);

	default void putLong(int offset, long value) {
		putInt(offset, (int) value);
		putInt(offset + Integer.BYTES, (int) (value >>> Integer.SIZE));
	}

}
