package dev.cpg.demo;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

import dev.cpg.spring.event.CpgDeliverEvent;
import org.jspecify.annotations.Nullable;

/**
 * A message that was delivered. Other programs may be in the group, so a message can be
 * anything: what is not text is shown as hexadecimal digits, and of what is large only
 * the beginning is kept.
 *
 * @param id counts the messages that this service heard
 * @param at when it heard
 * @param sender who sent it
 * @param local whether this service sent it
 * @param ring the ring that it was delivered on
 * @param size its size in bytes
 * @param text the text, or its beginning
 * @param hex the bytes, or their beginning, if they are no text
 * @param truncated whether this is only the beginning
 */
record Message(long id, Instant at, String sender, boolean local, String ring, int size, @Nullable String text,
		@Nullable String hex, boolean truncated) {

	private static final int MAX_TEXT = 4000;

	private static final int MAX_HEX = 128;

	static Message of(long id, CpgDeliverEvent<byte[]> event) {
		byte[] payload = event.getPayload();
		String text = decode(payload);
		boolean truncated = (text != null) ? text.length() > MAX_TEXT : payload.length > MAX_HEX;
		return new Message(id, event.getTime(), event.getSender().toString(), event.isLocal(),
				event.getView().ring().toString(), payload.length, (text != null) ? beginning(text) : null,
				(text != null) ? null
						: HexFormat.ofDelimiter(" ").formatHex(payload, 0, Math.min(payload.length, MAX_HEX)),
				truncated);
	}

	private static @Nullable String decode(byte[] payload) {
		// A character takes at most four bytes, so more than these would be cut off
		// anyway.
		int limit = 4 * (MAX_TEXT + 1);
		byte[] start = (payload.length > limit) ? Arrays.copyOf(payload, characterBoundary(payload, limit)) : payload;
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(start)).toString();
			return text.chars().allMatch(Message::isPrintable) ? text : null;
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private static int characterBoundary(byte[] utf8, int limit) {
		int end = limit;
		while (end > limit - 4 && (utf8[end] & 0xC0) == 0x80) {
			end--;
		}
		return end;
	}

	private static boolean isPrintable(int character) {
		return !Character.isISOControl(character) || character == '\n' || character == '\r' || character == '\t';
	}

	private static String beginning(String text) {
		if (text.length() <= MAX_TEXT) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT);
	}

}
