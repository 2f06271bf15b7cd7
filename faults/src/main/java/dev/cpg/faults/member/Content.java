package dev.cpg.faults.member;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is in a message: its id, a note, and a filler that follows from the id, with
 * blanks in between.
 *
 * @param id the id, without a blank
 * @param note the note, without a blank
 */
public record Content(String id, String note) {

	/** The note of a message that has none. */
	public static final String NO_NOTE = "-";

	/** The note of the message that a member closes a round with. */
	static final String BARRIER = "barrier";

	private static final int LETTERS = 26;

	/**
	 * Returns the bytes of the message.
	 * @param size how many there are, unless id and note take more
	 */
	public byte[] bytes(int size) {
		byte[] start = (this.id + " " + this.note + " ").getBytes(StandardCharsets.US_ASCII);
		byte[] bytes = Arrays.copyOf(start, Math.max(size, start.length));
		int state = this.id.hashCode();
		for (int i = start.length; i < bytes.length; i++) {
			state = state * 1664525 + 1013904223;
			bytes[i] = (byte) ('a' + (state >>> 16) % LETTERS);
		}
		return bytes;
	}

	/**
	 * Reads id and note.
	 * @param bytes the bytes of a message
	 */
	static Content read(byte[] bytes) {
		String start = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.US_ASCII);
		String[] words = start.split(" ", 3);
		return new Content(words[0], words[1]);
	}

}
