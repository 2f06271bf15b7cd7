package dev.cpg.client.internal.cpg.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the array of a message that was delivered for the next one, which then need not
 * grow piece by piece. It keeps one at most, which no weight counts: while an unfinished
 * message has it, no other is kept.
 */
final class SpareArray {

	/** The length of the largest array that is kept. */
	private static final int MAX_LENGTH = 4 * 1024 * 1024;

	private byte @Nullable [] array;

	/** The message that has it. */
	private @Nullable PartialMessage user;

	/** Gives the array to a message that has just begun, if it is there and fits. */
	void lendTo(PartialMessage message) {
		if (this.array != null && this.array.length >= message.wholeLength()) {
			message.use(this.array);
			this.array = null;
			this.user = message;
		}
	}

	/** A message is whole: its array is its own. */
	void finished(PartialMessage message) {
		if (this.user == message) {
			this.user = null;
		}
	}

	/** A message is dropped: if it had the array, that can be lent again. */
	void dropped(PartialMessage message) {
		if (this.user == message) {
			this.user = null;
			this.array = message.array();
		}
	}

	/** Nobody uses the array of a message any more. */
	void recycle(byte[] array) {
		if (this.user == null && array.length <= MAX_LENGTH
				&& (this.array == null || this.array.length < array.length)) {
			this.array = array;
		}
	}

}
