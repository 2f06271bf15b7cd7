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
 * A message that was delivered. Services of the demo send {@linkplain Note notes}, but
 * other programs may be in the group, so a message can be anything. Bytes that are not
 * text are shown as hexadecimal digits, and only the beginning of a large message is
 * kept.
 *
 * @param id the number of the message, counted by this service
 * @param at when this service received it
 * @param sender who sent it
 * @param local whether this service sent it
 * @param ring the ring that it was delivered on
 * @param type the name of the type that it was sent as, if it was not just bytes
 * @param raw whether it did not become a note, so that its bytes are shown
 * @param size the number of bytes that were sent
 * @param text the text, or its beginning
 * @param hex the bytes, or their beginning, if they are not text
 * @param truncated whether this is only the beginning
 */
record Message(long id, Instant at, String sender, boolean local, String ring, @Nullable String type, boolean raw,
		int size, @Nullable String text, @Nullable String hex, boolean truncated) {

	private static final int MAX_TEXT = 4000;

	private static final int MAX_HEX = 128;

	static Message ofNote(long id, CpgDeliverEvent<Note> event) {
		return of(id, event, false, event.getPayload().text().getBytes(StandardCharsets.UTF_8));
	}

	static Message ofBytes(long id, CpgDeliverEvent<byte[]> event) {
		return of(id, event, true, event.getPayload());
	}

	private static Message of(long id, CpgDeliverEvent<?> event, boolean raw, byte[] content) {
		String text = decode(content);
		boolean truncated = (text != null) ? text.length() > MAX_TEXT : content.length > MAX_HEX;
		return new Message(id, event.getTime(), event.getSender().toString(), event.isLocal(),
				event.getView().ring().toString(), event.getTypeName(), raw, event.getSize(),
				(text != null) ? beginning(text) : null,
				(text != null) ? null
						: HexFormat.ofDelimiter(" ").formatHex(content, 0, Math.min(content.length, MAX_HEX)),
				truncated);
	}

	private static @Nullable String decode(byte[] payload) {
		// A character takes at most four bytes, so further ones would be cut off.
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
