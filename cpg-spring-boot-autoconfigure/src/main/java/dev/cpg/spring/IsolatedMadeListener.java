package dev.cpg.spring;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.ResolvableType;

/**
 * Isolates a listener that Spring's factory made: what it throws on an event of a group
 * does not prevent the others from being called.
 */
final class IsolatedMadeListener implements GenericApplicationListener {

	private final ApplicationListenerMethodAdapter listener;

	private final DeclaredEvents declared;

	IsolatedMadeListener(ApplicationListenerMethodAdapter listener) {
		this.listener = listener;
		this.declared = new DeclaredEvents(listener.getTargetMethod(), listener.getTargetMethod().getDeclaringClass());
	}

	DeclaredEvents declared() {
		return this.declared;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (this.declared.include(event)) {
			ListenerCalls.call(this.listener, event, this.listener::onApplicationEvent);
		}
	}

	@Override
	public boolean supportsEventType(ResolvableType eventType) {
		return this.listener.supportsEventType(eventType) || this.declared.mayInclude(eventType);
	}

	@Override
	public boolean supportsSourceType(@Nullable Class<?> sourceType) {
		return this.listener.supportsSourceType(sourceType);
	}

	@Override
	public int getOrder() {
		return this.listener.getOrder();
	}

	@Override
	public String getListenerId() {
		return this.listener.getListenerId();
	}

	@Override
	public boolean supportsAsyncExecution() {
		return this.listener.supportsAsyncExecution();
	}

	@Override
	public String toString() {
		return this.listener.toString();
	}

}
