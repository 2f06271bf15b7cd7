package dev.cpg.spring;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.CpgEventListenerFactory.IsolatedListener;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.message.CpgMessageType;
import dev.cpg.spring.message.CpgMessageTypes;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;

/**
 * Warns at the start of listeners that will never be called: those of a type that no
 * message has, and those that wait for a transaction although there never is one.
 */
public final class UncalledListeners implements ApplicationListener<ContextRefreshedEvent> {

	/** Spring's transactions need not be on the class path. */
	private static final String TRANSACTIONAL = "org.springframework.transaction.event.TransactionalEventListener";

	private final ObjectProvider<CpgMessageTypes> types;

	/**
	 * Creates a check.
	 * @param types provides the types that messages may be of
	 */
	public UncalledListeners(ObjectProvider<CpgMessageTypes> types) {
		this.types = types;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		CpgMessageTypes types = this.types.getIfAvailable();
		if (types != null && event.getApplicationContext() instanceof AbstractApplicationContext context) {
			Set<Class<?>> known = new LinkedHashSet<>(types.asMap().values());
			known.add(byte[].class);
			context.getApplicationListeners().forEach((listener) -> check(listener, known));
		}
	}

	private static void check(ApplicationListener<?> listener, Set<Class<?>> known) {
		if (listener instanceof IsolatedListener isolated) {
			check(listener, isolated.declared(), known);
		}
		else if (listener instanceof IsolatedMadeListener isolated) {
			check(listener, isolated.declared(), known);
		}
		else if (listener instanceof ApplicationListenerMethodAdapter adapter) {
			Method method = adapter.getTargetMethod();
			AnnotationAttributes transactional = AnnotatedElementUtils.findMergedAnnotationAttributes(method,
					TRANSACTIONAL, false, false);
			DeclaredEvents declared = new DeclaredEvents(method, method.getDeclaringClass());
			if (transactional != null && !transactional.getBoolean("fallbackExecution")
					&& declared.types().stream().allMatch((type) -> CpgEvent.class.isAssignableFrom(type.toClass()))) {
				CpgLog.LISTENERS.warn()
					.log("The listener {} is never called: events of a group are published outside of transactions. "
							+ "Let it say fallbackExecution = true, or make it an @EventListener", listener);
				return;
			}
			declared.types().forEach((type) -> checkExact(listener, type, known));
		}
		else {
			checkExact(listener,
					ResolvableType.forClass(listener.getClass()).as(ApplicationListener.class).getGeneric(), known);
		}
	}

	private static void check(ApplicationListener<?> listener, DeclaredEvents declared, Set<Class<?>> known) {
		if (declared.payloadTypes().size() == declared.types().size()
				&& known.stream().noneMatch(declared::expectMessagesOf)) {
			warn(listener, declared.types().get(0));
		}
	}

	/** Spring compares the type argument for equality where no {@code extends} is. */
	private static void checkExact(ApplicationListener<?> listener, ResolvableType type, Set<Class<?>> known) {
		if (type.toClass() != CpgDeliverEvent.class || !type.hasGenerics()
				|| known.stream()
					.anyMatch((payload) -> type
						.isAssignableFrom(ResolvableType.forClassWithGenerics(CpgDeliverEvent.class, payload)))) {
			return;
		}
		if (known.stream().anyMatch((payload) -> DeclaredEvents.accepts(type.getGeneric(), payload))) {
			CpgLog.LISTENERS.warn()
				.log("The listener {} is never called: no message type is {} itself. To get its subclasses, declare "
						+ "CpgDeliverEvent<? extends {}>, or make it an @EventListener", listener, type.getGeneric(),
						type.getGeneric().toClass().getSimpleName());
		}
		else {
			warn(listener, type);
		}
	}

	private static void warn(ApplicationListener<?> listener, ResolvableType type) {
		Class<?> payload = type.getGeneric().toClass();
		CpgMessageType annotation = AnnotatedElementUtils.findMergedAnnotation(payload, CpgMessageType.class);
		if (annotation != null) {
			CpgLog.LISTENERS.warn()
				.log("The listener {} is never called: {} is in none of the application's packages. To receive it, set {}",
						listener, payload, CpgMessageTypes.property(annotation.value(), payload.getName()));
		}
		else {
			CpgLog.LISTENERS.warn()
				.log("The listener {} is never called: no message is a {}. Annotate it with @CpgMessageType in the "
						+ "application's packages, or set cpg.messages.types.NAME=CLASS", listener, type.getGeneric());
		}
	}

}
