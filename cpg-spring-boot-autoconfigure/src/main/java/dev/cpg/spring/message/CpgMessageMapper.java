package dev.cpg.spring.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.spring.message.CpgMessageConverters.Bytes;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.util.MimeType;

/**
 * Converts payloads to messages and messages to payloads. A received message may come
 * from anyone in the group: reading has a result whatever its bytes are. Any thread may
 * call any method.
 */
public final class CpgMessageMapper {

	private static final String OCTET_STREAM = "application/octet-stream";

	private static final String MAX_SIZE = "cpg.messages.max-size";

	private final CpgMessageTypes types;

	private final @Nullable CpgMessageConverters converters;

	private final MessageNumbers numbers = new MessageNumbers();

	private final int maxSize;

	/**
	 * Creates a mapper of messages of any size.
	 * @param types the types that messages may have
	 * @param converters convert payloads to bytes and back; {@code null} if there are
	 * none, without Spring Messaging, and payloads can only be bytes
	 */
	public CpgMessageMapper(CpgMessageTypes types, @Nullable CpgMessageConverters converters) {
		this(types, converters, Integer.MAX_VALUE);
	}

	/**
	 * Creates a mapper.
	 * @param types the types that messages may have
	 * @param converters convert payloads to bytes and back; {@code null} if there are
	 * none, without Spring Messaging, and payloads can only be bytes
	 * @param maxSize the largest payload that is written or converted, in bytes
	 */
	public CpgMessageMapper(CpgMessageTypes types, @Nullable CpgMessageConverters converters, int maxSize) {
		this.types = types;
		this.converters = converters;
		this.maxSize = maxSize;
	}

	/**
	 * Writes a message, in the format that {@code docs/envelope.md} describes.
	 * @param payload the payload
	 * @param headers the headers; a value is a text, a number, a boolean, an enum
	 * constant, a UUID or a MIME type, and goes as text
	 * @return the message
	 * @throws CorosyncException with {@link CsError#INVALID_PARAM} if the payload's type
	 * has no name, it cannot be converted, or a header cannot be sent, with
	 * {@link CsError#TOO_BIG} if it has more bytes than this mapper writes
	 */
	public byte[] write(Object payload, Map<String, ?> headers) {
		try {
			String typeName = (payload instanceof byte[]) ? "" : this.types.nameOf(payload.getClass());
			Bytes bytes = toBytes(payload, Collections.unmodifiableMap(headers));
			int size = bytes.bytes().length;
			if (size > this.maxSize) {
				throw new CorosyncException(CsError.TOO_BIG,
						"A payload of type %s was not sent: it has %d bytes, and typed messages take at most %d (%s)"
							.formatted(payload.getClass().getName(), size, this.maxSize, MAX_SIZE));
			}
			Map<String, String> texts = new LinkedHashMap<>();
			bytes.headers().forEach((name, value) -> texts.put(name, text(name, value)));
			String contentType = texts.remove(CpgMessageHeaders.CONTENT_TYPE);
			String correlationId = texts.remove(CpgMessageHeaders.CORRELATION_ID);
			return new Envelope((contentType != null) ? contentType : "", typeName,
					(correlationId != null) ? correlationId : "", texts, bytes.bytes())
				.write(this.numbers.next());
		}
		catch (CorosyncException ex) {
			throw ex;
		}
		// A converter is not ours, and may be given a structure without an end: this
		// includes errors.
		catch (Throwable ex) {
			throw new CorosyncException(CsError.INVALID_PARAM, "A payload of type %s was not sent: %s"
				.formatted(payload.getClass().getName(), (ex instanceof RuntimeException) ? ex.getMessage() : ex), ex);
		}
	}

	private Bytes toBytes(Object payload, Map<String, Object> headers) {
		Bytes bytes = (this.converters != null) ? this.converters.toBytes(payload, headers) : null;
		if (bytes != null) {
			return bytes;
		}
		if (payload instanceof byte[] plain) {
			Map<String, Object> all = new LinkedHashMap<>(headers);
			all.putIfAbsent(CpgMessageHeaders.CONTENT_TYPE, OCTET_STREAM);
			return new Bytes(plain, all);
		}
		Object contentType = headers.get(CpgMessageHeaders.CONTENT_TYPE);
		throw new IllegalArgumentException((this.converters != null)
				? "No converter takes it" + ((contentType != null) ? " as " + contentType : "")
				: "There are no converters, for which spring-messaging must be on the class path");
	}

	private static String text(@Nullable String name, @Nullable Object value) {
		if (name == null || value == null) {
			throw new IllegalArgumentException((name == null) ? "The name of a header is null"
					: "The header '%s' is null: leave it out".formatted(name));
		}
		if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean
				|| value instanceof Enum || value instanceof UUID || value instanceof MimeType) {
			return value.toString();
		}
		throw new IllegalArgumentException(
				"The header '%s' is neither a text nor a number nor anything else that ".formatted(name)
						+ "can be sent as text");
	}

	/**
	 * Reads a message.
	 * @param message what was received
	 * @return the result; a message that is no envelope is read as its bytes
	 */
	public Reading read(byte[] message) {
		if (!Envelope.isEnvelope(message)) {
			return Reading.good(message, null, Map.of());
		}
		if (ControlMessage.isControl(message)) {
			return Reading.IGNORED;
		}
		try {
			return read(Envelope.read(message));
		}
		catch (EnvelopeException ex) {
			return Reading.skipped(ex.problem(), ex.why());
		}
	}

	private Reading read(Envelope envelope) {
		Map<String, String> headers = headers(envelope);
		boolean plain = envelope.typeName().isEmpty();
		String typeName = plain ? null : envelope.typeName();
		Class<?> type = plain ? byte[].class : this.types.typeOf(envelope.typeName());
		if (type == null) {
			return Reading.asBytes(envelope.payload(), typeName, headers, Problem.TYPE_NOT_ALLOWED,
					"no type has the name '%s'. If it is to be read here, set %s".formatted(typeName,
							this.types.advice(envelope.typeName())));
		}
		int size = envelope.payload().length;
		if (size > this.maxSize) {
			return Reading.asBytes(envelope.payload(), typeName, headers, Problem.TOO_LARGE,
					"its payload has %d bytes, and at most %d are converted (%s)".formatted(size, this.maxSize,
							MAX_SIZE));
		}
		String why;
		try {
			Object payload = (this.converters != null) ? this.converters.fromBytes(envelope.payload(), headers, type)
					: null;
			if (payload == null && plain) {
				return Reading.good(envelope.payload(), null, headers);
			}
			if (!type.isInstance(payload)) {
				why = "no converter makes a " + type.getName() + " of it";
			}
			else if (CpgMessageTypes.isErased(payload.getClass())) {
				why = payload.getClass().getName() + " is generic, so it cannot select listeners";
			}
			else if (payload instanceof ApplicationEvent) {
				why = payload.getClass().getName() + " is an ApplicationEvent, which is never received";
			}
			else {
				return Reading.good(payload, typeName, headers);
			}
		}
		// A converter is not ours, what it is given is not the application's, and the
		// next message may be a good one: this includes errors.
		catch (Throwable ex) {
			why = ex.toString();
		}
		return Reading.asBytes(envelope.payload(), typeName, headers, Problem.CONVERSION_FAILED,
				"it is not a good '%s': %s".formatted(plain ? "byte[]" : typeName, why));
	}

	/**
	 * Returns the type that a payload was read as, which selects the listeners: the one
	 * that its name stands for, whatever the class of the object is.
	 * @param reading a reading of this mapper that has a payload
	 */
	public Class<?> typeOf(Reading reading) {
		String typeName = reading.typeName();
		Class<?> type = (typeName != null && reading.problem() == null) ? this.types.typeOf(typeName) : null;
		return (type != null) ? type : byte[].class;
	}

	/**
	 * Returns the listed types that JSON cannot be converted to, as far as that can be
	 * known without a message.
	 * @return the reasons, by the types' names
	 */
	public Map<String, String> unreadable() {
		return (this.converters != null) ? UnreadableTypes.find(this.types.asMap(), this.converters) : Map.of();
	}

	private static Map<String, String> headers(Envelope envelope) {
		Map<String, String> headers = new LinkedHashMap<>(envelope.headers());
		headers.remove(CpgMessageHeaders.LEADER);
		if (!envelope.contentType().isEmpty()) {
			headers.put(CpgMessageHeaders.CONTENT_TYPE, envelope.contentType());
		}
		if (!envelope.correlationId().isEmpty()) {
			headers.put(CpgMessageHeaders.CORRELATION_ID, envelope.correlationId());
		}
		return Collections.unmodifiableMap(headers);
	}

	/**
	 * The result of reading a message.
	 *
	 * @param payload the payload, {@code null} if the message is skipped
	 * @param typeName the name of its type, {@code null} for bytes
	 * @param headers its headers, content type and correlation id included; unmodifiable
	 * @param problem why the payload is not what was sent, {@code null} if it is
	 * @param detail more on the problem; it may hold what was received, and any character
	 */
	public record Reading(@Nullable Object payload, @Nullable String typeName, Map<String, String> headers,
			@Nullable Problem problem, @Nullable String detail) {

		/** Nobody is to be notified, and that is as it should be. */
		static final Reading IGNORED = new Reading(null, null, Map.of(), null, null);

		static Reading good(Object payload, @Nullable String typeName, Map<String, String> headers) {
			return new Reading(payload, typeName, headers, null, null);
		}

		static Reading asBytes(byte[] payload, @Nullable String typeName, Map<String, String> headers, Problem problem,
				String detail) {
			return new Reading(payload, typeName, headers, problem, detail);
		}

		static Reading skipped(Problem problem, String detail) {
			return new Reading(null, null, Map.of(), problem, detail);
		}

	}

	/**
	 * Why a received message is not delivered as the type that it was sent as.
	 */
	public enum Problem {

		/** It begins like an envelope, but is malformed; it is skipped. */
		MALFORMED,

		/** It is an envelope of a newer version; it is skipped. */
		NEWER_VERSION,

		/**
		 * Its type's name is none of those that are allowed; it is delivered as bytes.
		 */
		TYPE_NOT_ALLOWED,

		/**
		 * Its payload has more bytes than are converted; it is delivered as bytes.
		 */
		TOO_LARGE,

		/**
		 * Its payload is not of its type, or not well-formed; it is delivered as bytes.
		 */
		CONVERSION_FAILED

	}

}
