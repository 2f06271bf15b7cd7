package dev.cpg.spring.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.cpg.spring.message.CpgMessageMapper.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The format of typed messages, described in {@code docs/envelope.md}. All numbers are
 * big-endian. <pre>
 *  0  8  magic 89 43 50 47 0D 0A 1A 0A
 *  8  1  version
 *  9  1  flags, sent as 0 and not looked at
 * 10  2  length of the head, which begins here at 12
 * 12     content type, type name, correlation id: each 2 bytes of length, then UTF-8
 *     2  number of headers
 *        each header: name and value, each 2 bytes of length, then UTF-8
 *        payload, up to the end of the message
 * </pre>
 *
 * @param contentType how the payload is written, possibly empty
 * @param typeName the type's logical name, empty for plain bytes
 * @param correlationId what the message belongs to, possibly empty
 * @param headers the other headers
 * @param payload the payload
 */
@SuppressWarnings("ArrayRecordComponent")
record Envelope(String contentType, String typeName, String correlationId, Map<String, String> headers,
		byte[] payload) {

	static final int VERSION = 1;

	static final int MAX_FIELD_LENGTH = 255;

	static final int MAX_HEADERS = 64;

	static final int MAX_HEADER_VALUE_LENGTH = 8192;

	static final int MAX_HEAD_LENGTH = 0xFFFF;

	/** The header with the message's number, which only the envelope uses. */
	static final String NUMBER = "cpg-number";

	/**
	 * Not a text, as 0x89 begins none in UTF-8 and none in ASCII, and damaged by whatever
	 * changes line ends or drops a bit; after PNG's.
	 */
	private static final byte[] MAGIC = { (byte) 0x89, 'C', 'P', 'G', '\r', '\n', 0x1A, '\n' };

	static final int VERSION_OFFSET = 8;

	private static final int HEAD_LENGTH_OFFSET = 10;

	private static final int HEAD_OFFSET = 12;

	/** Returns what all envelopes begin with. */
	static byte[] magic() {
		return MAGIC.clone();
	}

	/**
	 * Returns whether a message begins like an envelope, of any version.
	 */
	static boolean isEnvelope(byte[] message) {
		return message.length >= MAGIC.length && Arrays.equals(message, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
	}

	/**
	 * Writes a message with a number, so that it equals no other. The number takes the
	 * room of one header.
	 * @param number the number
	 * @throws IllegalArgumentException if something is longer than an envelope takes
	 */
	byte[] write(String number) {
		Map<String, String> numbered = new LinkedHashMap<>(this.headers);
		numbered.remove(NUMBER);
		if (numbered.size() >= MAX_HEADERS) {
			throw new IllegalArgumentException("It has %d headers, a message takes at most %d besides its number"
				.formatted(numbered.size(), MAX_HEADERS - 1));
		}
		numbered.put(NUMBER, number);
		return new Envelope(this.contentType, this.typeName, this.correlationId, numbered, this.payload).write();
	}

	/**
	 * Writes a message with just these headers.
	 * @throws IllegalArgumentException if something is longer than an envelope takes
	 */
	byte[] write() {
		if (this.headers.size() > MAX_HEADERS) {
			throw new IllegalArgumentException(
					"It has %d headers, a message takes at most %d".formatted(this.headers.size(), MAX_HEADERS));
		}
		byte[] head = head();
		if (head.length > MAX_HEAD_LENGTH) {
			throw new IllegalArgumentException(
					"Its headers, its number among them, have %d bytes, a message takes at most %d"
						.formatted(head.length, MAX_HEAD_LENGTH));
		}
		return ByteBuffer.allocate(Math.addExact(HEAD_OFFSET + head.length, this.payload.length))
			.put(MAGIC)
			.put((byte) VERSION)
			.put((byte) 0)
			.putShort((short) head.length)
			.put(head)
			.put(this.payload)
			.array();
	}

	private byte[] head() {
		ByteArrayOutputStream head = new ByteArrayOutputStream(256);
		writeText(head, this.contentType, MAX_FIELD_LENGTH, "The content type");
		writeText(head, this.typeName, MAX_FIELD_LENGTH, "The type's name");
		writeText(head, this.correlationId, MAX_FIELD_LENGTH, "The correlation id");
		writeShort(head, this.headers.size());
		this.headers.forEach((name, value) -> {
			if (!isHeaderName(name)) {
				throw new IllegalArgumentException("A header's name must not be '" + name + "'");
			}
			writeText(head, name, MAX_FIELD_LENGTH, "A header's name");
			writeText(head, value, MAX_HEADER_VALUE_LENGTH, "The value of the header '" + name + "'");
		});
		return head.toByteArray();
	}

	private static void writeText(ByteArrayOutputStream head, String text, int limit, String what) {
		try {
			ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
			byte[] bytes = new byte[encoded.remaining()];
			encoded.get(bytes);
			if (bytes.length > limit) {
				throw new IllegalArgumentException(
						"%s has %d bytes in UTF-8, a message takes at most %d".formatted(what, bytes.length, limit));
			}
			writeShort(head, bytes.length);
			head.writeBytes(bytes);
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException(what + " is not valid Unicode", ex);
		}
	}

	private static void writeShort(ByteArrayOutputStream head, int value) {
		head.write(value >>> 8);
		head.write(value);
	}

	/** What has a field of its own is no header. */
	private static boolean isHeaderName(String name) {
		return !name.isEmpty() && !name.equals(CpgMessageHeaders.CONTENT_TYPE)
				&& !name.equals(CpgMessageHeaders.CORRELATION_ID);
	}

	/**
	 * Reads a message that {@linkplain #isEnvelope(byte[]) is an envelope}, whatever its
	 * bytes are.
	 * @throws EnvelopeException if it is of a newer version, or malformed
	 */
	static Envelope read(byte[] message) throws EnvelopeException {
		if (message.length <= VERSION_OFFSET) {
			throw malformed("it ends before its version");
		}
		int version = Byte.toUnsignedInt(message[VERSION_OFFSET]);
		if (version > VERSION) {
			throw new EnvelopeException(Problem.NEWER_VERSION, "it has version " + version);
		}
		if (version < VERSION) {
			throw malformed("there is no version " + version);
		}
		if (message.length < HEAD_OFFSET) {
			throw malformed("it ends before its head");
		}
		int headLength = Short.toUnsignedInt(ByteBuffer.wrap(message).getShort(HEAD_LENGTH_OFFSET));
		if (headLength > message.length - HEAD_OFFSET) {
			throw malformed("it ends within its head");
		}
		return read(ByteBuffer.wrap(message, HEAD_OFFSET, headLength),
				Arrays.copyOfRange(message, HEAD_OFFSET + headLength, message.length));
	}

	/**
	 * Returns the head of a message of this version, {@code null} if it has none.
	 * @param message the message, from its position on, where it stays
	 */
	static @Nullable ByteBuffer head(ByteBuffer message) {
		int start = message.position();
		if (message.remaining() < HEAD_OFFSET || message.get(start + VERSION_OFFSET) != VERSION
				|| !message.slice(start, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
			return null;
		}
		int length = Short.toUnsignedInt(message.slice(start + HEAD_LENGTH_OFFSET, Short.BYTES).getShort());
		return (length <= message.remaining() - HEAD_OFFSET) ? message.slice(start + HEAD_OFFSET, length) : null;
	}

	/**
	 * Reads a message of which the head is known.
	 * @throws EnvelopeException if the head is malformed
	 */
	static Envelope read(ByteBuffer head, byte[] payload) throws EnvelopeException {
		String contentType = readText(head, MAX_FIELD_LENGTH, "content type");
		String typeName = readText(head, MAX_FIELD_LENGTH, "type name");
		String correlationId = readText(head, MAX_FIELD_LENGTH, "correlation id");
		int count = readShort(head, "number of headers");
		if (count > MAX_HEADERS) {
			throw malformed("it has more than " + MAX_HEADERS + " headers");
		}
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			String name = readText(head, MAX_FIELD_LENGTH, "header name");
			String value = readText(head, MAX_HEADER_VALUE_LENGTH, "header value");
			if (!isHeaderName(name) || headers.put(name, value) != null) {
				throw malformed("a header's name is empty, reserved or there twice");
			}
		}
		if (head.hasRemaining()) {
			throw malformed("its head is longer than what is in it");
		}
		headers.remove(NUMBER);
		return new Envelope(contentType, typeName, correlationId, Collections.unmodifiableMap(headers), payload);
	}

	private static String readText(ByteBuffer head, int limit, String what) throws EnvelopeException {
		int length = readShort(head, what);
		if (length > limit) {
			throw malformed("its " + what + " has more than " + limit + " bytes");
		}
		if (length > head.remaining()) {
			throw malformed("its head ends within its " + what);
		}
		ByteBuffer bytes = head.slice(head.position(), length);
		head.position(head.position() + length);
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
		}
		catch (CharacterCodingException ex) {
			throw malformed("its " + what + " is not UTF-8");
		}
	}

	private static int readShort(ByteBuffer head, String what) throws EnvelopeException {
		if (head.remaining() < Short.BYTES) {
			throw malformed("its head ends before its " + what);
		}
		return Short.toUnsignedInt(head.getShort());
	}

	private static EnvelopeException malformed(String why) {
		return new EnvelopeException(Problem.MALFORMED, why);
	}

}
