package dev.cpg.spring;

import java.util.function.Consumer;

import dev.cpg.client.CpgMessage;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageMapper.Reading;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;

/**
 * Makes the events of delivered messages, and passes on all events of a group, one
 * connection after the other: to whoever measures, and to the listeners.
 */
final class GroupEvents {

	private final GroupState group;

	private final EventDispatcher dispatcher;

	private final CpgObserver observer;

	private final MessageReader reader;

	private final @Nullable DeliverObservations observations;

	/**
	 * Creates it.
	 * @param group what is known of the group, which is the source of its events
	 * @param dispatcher where events go
	 * @param observer who measures
	 * @param reader what makes payloads of messages
	 * @param observations what observes deliveries, if anything does
	 */
	GroupEvents(GroupState group, EventDispatcher dispatcher, CpgObserver observer, MessageReader reader,
			@Nullable DeliverObservations observations) {
		this.group = group;
		this.dispatcher = dispatcher;
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

	void dispatch(ApplicationEvent event) {
		this.dispatcher.dispatch(event);
	}

	/**
	 * Makes the events of a message.
	 * @param dispatching dispatches each
	 */
	void delivered(CpgMessage message, Consumer<ApplicationEvent> dispatching) {
		this.observer.delivered(message);
		Reading reading = this.reader.read(message);
		Object payload = reading.payload();
		if (payload == null) {
			return;
		}
		Class<?> type = this.reader.typeOf(reading);
		CpgDeliverEvent<?> event = new CpgDeliverEvent<>(this.group, message, payload, reading.typeName(), type,
				reading.headers());
		Runnable delivery = () -> {
			dispatching.accept(event);
			if (!(payload instanceof byte[])) {
				dispatching.accept(new PayloadApplicationEvent<>(event, payload, payloadType(payload, type)));
			}
		};
		if (this.observations != null) {
			this.observations.observe(event, delivery);
		}
		else {
			delivery.run();
		}
	}

	/**
	 * The class of the payload, whatever it says of its type itself. No listener can name
	 * one that is anonymous, as that of an enum constant with a body is.
	 */
	private static ResolvableType payloadType(Object payload, Class<?> type) {
		return ResolvableType.forClass(payload.getClass().isAnonymousClass() ? type : payload.getClass());
	}

}
