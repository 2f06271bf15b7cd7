package dev.cpg.spring.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * The converters between payloads and bytes. The first one that can convert a payload is
 * used. A bean of this type takes the place of the auto-configured converters for bytes,
 * texts and JSON: <pre class="code">
 * &#064;Bean
 * CpgMessageConverters cpgMessageConverters(JsonMapper mapper) {
 *     return CpgMessageConverters.of(new ByteArrayMessageConverter(), new StringMessageConverter(),
 *             new JacksonJsonMessageConverter(mapper));
 * }</pre> A {@link ByteArrayMessageConverter} among them keeps bytes as they are, of
 * whatever content type, so that those after it see none.
 * <p>
 * This type is not a {@code MessageConverter}, because beans of that type are for others,
 * too: Spring's support for STOMP over WebSocket defines one, and Spring Cloud Stream
 * collects all of them.
 * <p>
 * Converters get a {@code byte[]} and the received headers, and return a {@code byte[]}.
 * They are called by any thread that sends, and by the delivery thread.
 */
public final class CpgMessageConverters {

	private final MessageConverter converter;

	private final @Nullable List<String> contentTypes;

	private CpgMessageConverters(List<MessageConverter> converters) {
		this.contentTypes = contentTypes(converters);
		this.converter = new CompositeMessageConverter(
				converters.stream().map(CpgMessageConverters::ofAnyType).toList());
	}

	private static @Nullable List<String> contentTypes(List<MessageConverter> converters) {
		List<String> contentTypes = new ArrayList<>();
		for (MessageConverter converter : converters) {
			if (!(converter instanceof AbstractMessageConverter known)) {
				return null;
			}
			for (MimeType type : known.getSupportedMimeTypes()) {
				if (type.isConcrete()) {
					contentTypes.add(type.toString());
				}
			}
		}
		return contentTypes;
	}

	/**
	 * Returns the content types of what these convert, {@code null} if one of them does
	 * not say.
	 */
	@Nullable List<String> contentTypes() {
		return this.contentTypes;
	}

	/**
	 * Spring's converter leaves bytes of another content type to those after it, and the
	 * JSON converter would make a text of them.
	 */
	private static MessageConverter ofAnyType(MessageConverter converter) {
		return (converter.getClass() == ByteArrayMessageConverter.class) ? new BytesConverter() : converter;
	}

	/**
	 * Returns these converters.
	 * @param converters at least one, in the order in which they are asked
	 */
	public static CpgMessageConverters of(MessageConverter... converters) {
		return new CpgMessageConverters(Arrays.asList(converters));
	}

	/**
	 * Turns a payload into bytes.
	 * @return the bytes, with the headers that were given and those that the converter
	 * set, or {@code null} if no converter can
	 */
	@Nullable Bytes toBytes(Object payload, Map<String, Object> headers) {
		Message<?> message = this.converter.toMessage(payload, new MessageHeaders(headers));
		if (message == null) {
			return null;
		}
		if (!(message.getPayload() instanceof byte[] bytes)) {
			throw new MessageConversionException(
					"The converter made a %s of it, not bytes".formatted(message.getPayload().getClass().getName()));
		}
		Map<String, Object> all = new HashMap<>(message.getHeaders());
		// Made by every MessageHeaders for itself; the caller's own have been lost there.
		all.remove(MessageHeaders.ID);
		all.remove(MessageHeaders.TIMESTAMP);
		headers.forEach(all::putIfAbsent);
		return new Bytes(bytes, all);
	}

	/**
	 * Turns bytes into a payload.
	 * @return the payload, or {@code null} if no converter can
	 */
	@Nullable Object fromBytes(byte[] bytes, Map<String, String> headers, Class<?> type) {
		MessageHeaders messageHeaders = new MessageHeaders(Map.copyOf(headers));
		return this.converter.fromMessage(MessageBuilder.createMessage(bytes, messageHeaders), type);
	}

	/**
	 * Bytes as they are.
	 */
	private static final class BytesConverter implements MessageConverter {

		@Override
		public @Nullable Object fromMessage(Message<?> message, Class<?> type) {
			return (type == byte[].class) ? message.getPayload() : null;
		}

		@Override
		public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return (payload instanceof byte[]) ? MessageBuilder.withPayload(payload)
				.copyHeaders(headers)
				.setHeaderIfAbsent(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_OCTET_STREAM)
				.build() : null;
		}

	}

	/**
	 * A payload as bytes.
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Bytes(byte[] bytes, Map<String, Object> headers) {
	}

}
