package dev.cpg.spring;

import java.util.function.Consumer;

import dev.cpg.client.CpgMessage;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageMapper.Reading;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;

/**
 * Tells of what happens in a group, one connection after the other: whoever measures, and
 * the listeners of events.
 */
final class GroupEvents {

	private final GroupState group;

	private final ApplicationEventPublisher publisher;

	private final CpgObserver observer;

	private final MessageReader reader;

	private final @Nullable DeliverObservations observations;

	/**
	 * Creates it.
	 * @param group what is known of the group, and the calls of its listeners
	 * @param publisher where events go
	 * @param observer who measures
	 * @param reader what makes payloads of messages
	 * @param observations what observes deliveries, if anything does
	 */
	GroupEvents(GroupState group, ApplicationEventPublisher publisher, CpgObserver observer, MessageReader reader,
			@Nullable DeliverObservations observations) {
		this.group = group;
		this.publisher = publisher;
		this.observer = observer;
		this.reader = reader;
		this.observations = observations;
	}

	GroupState group() {
		return this.group;
	}

	CpgObserver observer() {
		return this.observer;
	}

	/**
	 * Makes the events of a message.
	 * @param publishing publishes each
	 */
	void delivered(CpgMessage message, Consumer<ApplicationEvent> publishing) {
		this.observer.delivered(message);
		Reading reading = this.reader.read(message);
		Object payload = reading.payload();
		if (payload == null) {
			return;
		}
		Class<?> type = this.reader.typeOf(reading);
		CpgDeliverEvent<?> event = new CpgDeliverEvent<>(this.group, message, payload, reading.typeName(), type,
				reading.headers());
		Runnable telling = () -> {
			publishing.accept(event);
			if (!(payload instanceof byte[])) {
				publishing.accept(new PayloadApplicationEvent<>(event, payload, payloadType(payload, type)));
			}
		};
		if (this.observations != null) {
			this.observations.observe(event, telling);
		}
		else {
			telling.run();
		}
	}

	/**
	 * The class of the payload, whatever it says of its type itself. No listener can name
	 * one that is anonymous, as that of an enum constant with a body is.
	 */
	private static ResolvableType payloadType(Object payload, Class<?> type) {
		return ResolvableType.forClass(payload.getClass().isAnonymousClass() ? type : payload.getClass());
	}

	/**
	 * Publishes an event; what listeners throw has no other effect than on them.
	 */
	void publish(ApplicationEvent event) {
		ListenerCalls calls = this.group.listenerCalls();
		calls.begin(event);
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			calls.failed(null, event, ex);
		}
		finally {
			calls.end();
		}
	}

}
