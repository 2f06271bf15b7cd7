package dev.cpg.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

import dev.cpg.spring.event.CpgDeliverEvent;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The events that a listener method declares. A {@code CpgDeliverEvent<Shape>} has any
 * payload that is a {@code Shape}, as a method with a parameter {@code Shape} is called
 * for all of them. Spring compares the type arguments of events for equality, and decides
 * once for all events of a type. An event's type argument is the type that the message
 * was sent as, so whether the method is called may depend on the payload's class.
 */
final class DeclaredEvents {

	private final List<ResolvableType> types;

	/**
	 * Finds the events of a method.
	 * @param method the listener method
	 * @param targetClass the class of its bean, which may say what the type variables of
	 * a superclass stand for
	 */
	DeclaredEvents(Method method, Class<?> targetClass) {
		EventListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, EventListener.class);
		Class<?>[] classes = (annotation != null) ? annotation.classes() : new Class<?>[0];
		this.types = ((classes.length > 0) ? Arrays.stream(classes).map(ResolvableType::forClass).toList()
				: List.of(ResolvableType.forMethodParameter(method, 0, targetClass)));
	}

	/**
	 * Returns whether events of a type can be among those declared, by the class of their
	 * payload if by nothing else.
	 */
	boolean mayInclude(ResolvableType eventType) {
		return CpgDeliverEvent.class == eventType.toClass() && payloadTypes().stream()
			.anyMatch((type) -> overlap(type.toClass(), eventType.getGeneric().toClass()));
	}

	/**
	 * Returns whether messages of a type are expected to be among those declared: it, or
	 * what JSON may make of it.
	 */
	boolean expectMessagesOf(Class<?> type) {
		return payloadTypes().stream()
			.anyMatch((declared) -> accepts(declared, type) || type.isAssignableFrom(declared.toClass())
					|| (Modifier.isAbstract(type.getModifiers()) && overlap(declared.toClass(), type)));
	}

	/** Whether an object can be of both. */
	private static boolean overlap(Class<?> one, Class<?> other) {
		return one.isAssignableFrom(other) || other.isAssignableFrom(one)
				|| (one.isInterface() && !Modifier.isFinal(other.getModifiers()))
				|| (other.isInterface() && !Modifier.isFinal(one.getModifiers()));
	}

	/**
	 * Returns whether an event is among those declared.
	 */
	boolean include(ApplicationEvent event) {
		return !(event instanceof CpgDeliverEvent<?> delivery)
				|| this.types.stream().anyMatch((type) -> includes(type, delivery));
	}

	private static boolean includes(ResolvableType type, CpgDeliverEvent<?> event) {
		return isOfPayload(type) ? accepts(type.getGeneric(), event.getPayload().getClass())
				: type.toClass().isInstance(event);
	}

	/**
	 * Returns whether a listener that declares this payload type gets objects of a class.
	 */
	static boolean accepts(ResolvableType payloadType, Class<?> type) {
		Class<?> declared = payloadType.resolve();
		if (declared == null || payloadType.getType() == declared) {
			return declared == null || declared.isAssignableFrom(type);
		}
		return payloadType.isAssignableFrom(ResolvableType.forClass(type));
	}

	/** The type arguments of the events of messages that are declared. */
	List<ResolvableType> payloadTypes() {
		return this.types.stream().filter(DeclaredEvents::isOfPayload).map(ResolvableType::getGeneric).toList();
	}

	private static boolean isOfPayload(ResolvableType type) {
		return type.toClass() == CpgDeliverEvent.class && type.hasGenerics();
	}

	List<ResolvableType> types() {
		return this.types;
	}

}
