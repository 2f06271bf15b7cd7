package dev.cpg.spring.event;

import java.io.Serial;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMessage;

import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;

/**
 * A message was delivered, at the same place in the order of messages and configuration
 * changes as at every other member. Own messages are delivered too.
 * <p>
 * The payload's type selects the listeners: {@code CpgDeliverEvent<byte[]>} hears of raw
 * messages. All listeners of an event see the same payload object, so they must not
 * change it.
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

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param message the message
	 * @param payload what the message's bytes stand for, or the bytes themselves
	 */
	public CpgDeliverEvent(Object source, CpgMessage message, T payload) {
		super(source, message.group().toString(), message.view());
		this.message = message;
		this.payload = payload;
	}

	/**
	 * Returns what was sent.
	 */
	public T getPayload() {
		return this.payload;
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
		return "CpgDeliverEvent[group=%s, sender=%s, local=%s, bytes=%s]".formatted(getGroup(), getSender(), isLocal(),
				this.message.payload().length);
	}

}
