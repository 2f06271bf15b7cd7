package dev.cpg.spring;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import dev.cpg.spring.event.CpgEvent;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.EventListenerFactory;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Makes the listeners of {@link CpgEvent}s, and of the payloads of typed messages,
 * independent of one another, and known by name when one is slow. Spring's dispatch ends
 * at the first listener that throws, which suits events that are part of a call. Events
 * of a group have no caller, and a listener that fails must not prevent the others from
 * seeing that a member left. A listener of another event, or of an object that the
 * application publishes itself, throws as ever.
 */
public final class CpgEventListenerFactory implements EventListenerFactory, Ordered {

	@Override
	public boolean supportsMethod(Method method) {
		if (method.getParameterCount() == 1 && mayBePublishedHere(method.getParameterTypes()[0])) {
			return true;
		}
		EventListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, EventListener.class);
		return annotation != null
				&& Arrays.stream(annotation.classes()).anyMatch(CpgEventListenerFactory::mayBePublishedHere);
	}

	/** An event of a group, any event, or what could be the payload of one. */
	private static boolean mayBePublishedHere(Class<?> type) {
		return CpgEvent.class.isAssignableFrom(type) || type.isAssignableFrom(CpgEvent.class)
				|| PayloadApplicationEvent.class.isAssignableFrom(type)
				|| !ApplicationEvent.class.isAssignableFrom(type);
	}

	@Override
	public ApplicationListener<?> createApplicationListener(String beanName, Class<?> type, Method method) {
		return new IsolatedListener(beanName, type, method);
	}

	/**
	 * Before Spring's factory for all methods, which is last, and after those for special
	 * ones.
	 */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE - 1;
	}

	/**
	 * Isolates from one another the listeners of a context that lacks this factory, where
	 * Spring's own factory made them. They stay isolated for as long as their context.
	 */
	static void isolateListeners(ApplicationContext context) {
		if (context instanceof AbstractApplicationContext listening) {
			for (ApplicationListener<?> listener : List.copyOf(listening.getApplicationListeners())) {
				if (listener.getClass() == ApplicationListenerMethodAdapter.class) {
					listening.removeApplicationListener(listener);
					listening
						.addApplicationListener(new IsolatedMadeListener((ApplicationListenerMethodAdapter) listener));
				}
			}
		}
	}

	static final class IsolatedListener extends ApplicationListenerMethodAdapter {

		private final DeclaredEvents declared;

		IsolatedListener(String beanName, Class<?> targetClass, Method method) {
			super(beanName, targetClass, method);
			this.declared = new DeclaredEvents(getTargetMethod(), targetClass);
		}

		DeclaredEvents declared() {
			return this.declared;
		}

		@Override
		public boolean supportsEventType(ResolvableType eventType) {
			return super.supportsEventType(eventType) || this.declared.mayInclude(eventType);
		}

		@Override
		public void onApplicationEvent(ApplicationEvent event) {
			if (this.declared.include(event)) {
				ListenerCalls.call(this, event, super::onApplicationEvent);
			}
		}

	}

}
