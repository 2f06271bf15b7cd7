package dev.cpg.spring.event;

import java.io.Serial;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;
import org.springframework.util.Assert;

/**
 * A message was delivered, at the same place in the order of messages and configuration
 * changes as at every other member. This member's messages are delivered, too.
 * <p>
 * The payload's type selects the listeners: an {@code @EventListener} method with a
 * {@code CpgDeliverEvent<Order>} gets every payload that is an {@code Order}, subclasses
 * included. {@code CpgDeliverEvent<byte[]>} gets raw messages, and typed ones that this
 * service cannot convert: their type is not allowed, they are too large, or their bytes
 * are not of their type. Those have a {@linkplain #getTypeName() type name}. For
 * listeners of other kinds, such as an
 * {@code ApplicationListener<CpgDeliverEvent<Order>>}, the type argument must be the type
 * that the name stands for, or a wildcard that includes it:
 * {@code CpgDeliverEvent<? extends Shape>}.
 * <p>
 * The payload of a typed message is also published by itself, right after this event and
 * with it as its source, to listeners such as {@code on(Order order)}. All listeners see
 * the same payload object, so they must not change it.
 *
 * @param <T> the type of the payload
 */
public final class CpgDeliverEvent<T> extends CpgEvent implements ResolvableTypeProvider {

	@Serial
	private static final long serialVersionUID = 1L;

	// Messages come by the hundred thousand, and building a type costs more than
	// publishing the event.
	private static final ClassValue<ResolvableType> TYPES = new ClassValue<>() {

		@Override
		protected ResolvableType computeValue(Class<?> type) {
			return ResolvableType.forClassWithGenerics(CpgDeliverEvent.class, type);
		}

	};

	private final transient CpgMessage message;

	private final transient T payload;

	private final @Nullable String typeName;

	private final Class<?> type;

	private final transient Map<String, String> headers;

	/**
	 * Creates an event of a raw message.
	 * @param source the object that publishes it
	 * @param message the message
	 * @param payload what the message's bytes stand for, or the bytes themselves
	 */
	public CpgDeliverEvent(Object source, CpgMessage message, T payload) {
		this(source, message, payload, null, Map.of());
	}

	/**
	 * Creates an event whose type argument is the payload's class.
	 * @param source the object that publishes it
	 * @param message the message
	 * @param payload what the message's bytes stand for
	 * @param typeName the logical name of the payload's type, if it has one
	 * @param headers the message's headers; not copied
	 */
	public CpgDeliverEvent(Object source, CpgMessage message, T payload, @Nullable String typeName,
			Map<String, String> headers) {
		this(source, message, payload, typeName,
				(payload instanceof Enum<?> constant) ? constant.getDeclaringClass() : payload.getClass(), headers);
	}

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param message the message
	 * @param payload what the message's bytes stand for
	 * @param typeName the logical name of the payload's type, if it has one
	 * @param type the type that the name stands for, which is the event's type argument:
	 * the payload's class, or a superclass or interface of it
	 * @param headers the message's headers; not copied
	 * @throws IllegalArgumentException if the payload is not of that type
	 */
	public CpgDeliverEvent(Object source, CpgMessage message, T payload, @Nullable String typeName, Class<?> type,
			Map<String, String> headers) {
		super(source, message.group().text(), message.view());
		Assert.isInstanceOf(type, payload);
		this.message = message;
		this.payload = payload;
		this.typeName = typeName;
		this.type = type;
		this.headers = headers;
	}

	/**
	 * Returns what was sent.
	 */
	public T getPayload() {
		return this.payload;
	}

	/**
	 * Returns the logical name of the type that was sent, {@code null} for bytes. The
	 * sender chose it; it has at most 255 bytes in UTF-8.
	 */
	public @Nullable String getTypeName() {
		return this.typeName;
	}

	/**
	 * Returns the headers of a typed message, among them {@code contentType} and, if it
	 * has one, {@code correlationId}; none for a raw message; unmodifiable. The sender
	 * chose them. Besides these two there are at most 64; a value has at most 8,192 bytes
	 * in UTF-8, and all together have 65,535.
	 */
	public Map<String, String> getHeaders() {
		return this.headers;
	}

	/**
	 * Returns the size of the message as it was sent, in bytes.
	 */
	public int getSize() {
		return this.message.length();
	}

	/**
	 * Returns who sent it.
	 */
	public CpgAddress getSender() {
		return this.message.sender();
	}

	/**
	 * Returns whether this member sent it.
	 */
	public boolean isLocal() {
		return this.message.local();
	}

	@Override
	public ResolvableType getResolvableType() {
		return TYPES.get(this.type);
	}

	@Override
	public String toString() {
		return "CpgDeliverEvent[group=%s, sender=%s, local=%s, type=%s, bytes=%s]".formatted(getGroup(), getSender(),
				isLocal(), this.type.getSimpleName(), getSize());
	}

}
