package dev.cpg.client.internal.cpg.delivery;

import java.util.Arrays;

import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.ipc.memory.FrameReader;

/**
 * A message of which not all fragments have come. Its array grows with what has arrived,
 * to twice of it at most, whatever length the sender claims.
 */
final class PartialMessage {

	/** About what it costs beside its bytes. */
	static final int OVERHEAD = 256;

	private static final byte[] NONE = {};

	private final int wholeLength;

	private byte[] array = NONE;

	private int length;

	PartialMessage(int wholeLength) {
		this.wholeLength = wholeLength;
	}

	int wholeLength() {
		return this.wholeLength;
	}

	int missing() {
		return this.wholeLength - this.length;
	}

	/**
	 * Returns the bytes that it takes at most, by what has arrived alone: members have to
	 * agree on it, and what the array takes is not the same for all.
	 */
	long weight() {
		return OVERHEAD + Math.min(2L * this.length, this.wholeLength);
	}

	/** Returns the array, whose first bytes are the message's. */
	byte[] array() {
		return this.array;
	}

	/** Uses an array with room for the whole, before anything was added. */
	void use(byte[] array) {
		this.array = array;
	}

	/** Counts the bytes of a fragment as arrived, before they are copied. */
	void extend(int by) {
		this.length += by;
	}

	/** Copies the fragment by which it was extended last. */
	void copyLast(FrameReader frame, int fragmentLength) {
		if (this.length > this.array.length) {
			this.array = Arrays.copyOf(this.array, (int) Math.min(2L * this.length, this.wholeLength));
		}
		frame.getBytes(CpgEvents.FRAGMENT, this.array, this.length - fragmentLength, fragmentLength);
	}

}
