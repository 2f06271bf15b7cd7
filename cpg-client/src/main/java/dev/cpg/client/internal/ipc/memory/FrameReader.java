package dev.cpg.client.internal.ipc.memory;

/**
 * A message as it lies in the transport, readable until the handler that was given it
 * returns. The other side may still write to it: whoever reads a field that decides
 * something reads it once.
 */
public interface FrameReader {

	/** Returns the number of bytes. */
	int length();

	/**
	 * Reads an integer.
	 * @param offset where, a multiple of 4 with 4 bytes of the frame behind it
	 */
	int getInt(int offset);

	/**
	 * Copies bytes.
	 * @param offset where they begin in the frame
	 * @param target where they go
	 * @param from where they begin in the target
	 * @param length how many
	 */
	void getBytes(int offset, byte[] target, int from, int length);

	/** Copies bytes until the target is full. */
	default void getBytes(int offset, byte[] target) {
		getBytes(offset, target, 0, target.length);
	}

	/** Reads an integer as the unsigned number that it is on the wire. */
	default long getUnsignedInt(int offset) {
		return Integer.toUnsignedLong(getInt(offset));
	}

	/** Reads a 64-bit number, which need only be aligned to 4 bytes. */
	default long getLong(int offset) {
		return getUnsignedInt(offset) | (long) getInt(offset + Integer.BYTES) << Integer.SIZE;
	}

	/** Handles a frame. */
	interface Handler {

		void handle(FrameReader frame);

	}

}
