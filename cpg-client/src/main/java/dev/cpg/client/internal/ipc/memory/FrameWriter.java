package dev.cpg.client.internal.ipc.memory;

/**
 * Room for a message in the transport, to be filled and committed.
 */
public interface FrameWriter {

	/**
	 * Writes an integer.
	 * @param offset where, a multiple of 4
	 */
	void putInt(int offset, int value);

	/**
	 * Copies bytes.
	 * @param offset where they go in the frame
	 * @param source where they come from
	 * @param from where they begin in the source
	 * @param length how many
	 */
	void putBytes(int offset, byte[] source, int from, int length);

	/** Reads back what was written. */
	void getBytes(int offset, byte[] target, int length);

	/** Writes a 64-bit number, which need only be aligned to 4 bytes. */
	default void putLong(int offset, long value) {
		putInt(offset, (int) value);
		putInt(offset + Integer.BYTES, (int) (value >>> Integer.SIZE));
	}

}
