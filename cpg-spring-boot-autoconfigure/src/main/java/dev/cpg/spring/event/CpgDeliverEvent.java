package dev.cpg.spring.event;

import java.io.Serial;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;

/**
 * A message was delivered, at the same place in the order of messages and configuration
 * changes as at every other member. Own messages are delivered too.
 * <p>
 * The payload's type selects the listeners: {@code CpgDeliverEvent<Order>} hears of
 * payloads whose class is {@code Order} itself, {@code CpgDeliverEvent<? extends Order>}
 * also of those of its subclasses. {@code CpgDeliverEvent<byte[]>} hears of raw messages,
 * and of typed ones that this service makes nothing else of, because their type is not
 * allowed or their bytes are not of their type; those have a {@linkplain #getTypeName()
 * type name}.
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

	// Raw messages come by the hundred thousand, and building a type costs more than
	// publishing the event.
	private static final ResolvableType RAW = ResolvableType.forClassWithGenerics(CpgDeliverEvent.class, byte[].class);

	private final transient CpgMessage message;

	private final transient T payload;

	private final @Nullable String typeName;

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
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param message the message
	 * @param payload what the message's bytes stand for
	 * @param typeName the logical name of the payload's type, if it has one
	 * @param headers the message's headers; not copied
	 */
	public CpgDeliverEvent(Object source, CpgMessage message, T payload, @Nullable String typeName,
			Map<String, String> headers) {
		super(source, message.group().text(), message.view());
		this.message = message;
		this.payload = payload;
		this.typeName = typeName;
		this.headers = headers;
	}

	/**
	 * Returns what was sent.
	 */
	public T getPayload() {
		return this.payload;
	}

	/**
	 * Returns the logical name of the type that was sent, {@code null} if bytes were. It
	 * is the sender's word, at most 255 bytes in UTF-8.
	 */
	public @Nullable String getTypeName() {
		return this.typeName;
	}

	/**
	 * Returns the headers of a typed message, among them {@code contentType} and, if it
	 * has one, {@code correlationId}; none for a raw message; unmodifiable. They are the
	 * sender's word: at most 64 and the two, a value at most 8,192 bytes in UTF-8, and
	 * 65,535 bytes in all.
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
		return (this.payload instanceof byte[]) ? RAW
				: ResolvableType.forClassWithGenerics(CpgDeliverEvent.class, ResolvableType.forInstance(this.payload));
	}

	@Override
	public String toString() {
		return "CpgDeliverEvent[group=%s, sender=%s, local=%s, type=%s, bytes=%s]".formatted(getGroup(), getSender(),
				isLocal(), this.payload.getClass().getSimpleName(), getSize());
	}

}
