package dev.cpg.client;

/**
 * Writes a message straight into the memory from which the engine reads it, without an
 * array in between. See {@code cpg_zcb_mcast_joined(3)}.
 */
@FunctionalInterface
public interface CpgMessageWriter {

	/**
	 * Writes the message, front to back and to the last byte. It runs in the sending
	 * thread while no other thread can send, so it should only write. If it throws, or
	 * writes less than the promised length, nothing is sent.
	 * @param target where to write; not to be used after the call returns, nor by any
	 * other thread
	 */
	void write(Target target);

	/**
	 * Returns the message as an array. For engines that take no other messages.
	 * @param length the message's length in bytes
	 * @throws IllegalArgumentException if less is written
	 */
	default byte[] toBytes(int length) {
		ArrayTarget target = new ArrayTarget(length);
		write(target);
		return target.toBytes();
	}

	/**
	 * Room for one message. Numbers are written most significant byte first. Another
	 * thread than the one that was asked to write is refused with an
	 * {@link IllegalStateException}.
	 */
	interface Target {

		/**
		 * Appends a byte.
		 * @param value the byte
		 * @throws java.nio.BufferOverflowException if there is no room left
		 */
		void put(byte value);

		/**
		 * Appends 4 bytes.
		 * @param value the number
		 * @throws java.nio.BufferOverflowException if there is less room left
		 */
		void putInt(int value);

		/**
		 * Appends 8 bytes.
		 * @param value the number
		 * @throws java.nio.BufferOverflowException if there is less room left
		 */
		void putLong(long value);

		/**
		 * Appends a part of an array.
		 * @param source the array
		 * @param offset where the part begins
		 * @param length its length in bytes
		 * @throws java.nio.BufferOverflowException if there is less room left
		 */
		void put(byte[] source, int offset, int length);

	}

}
