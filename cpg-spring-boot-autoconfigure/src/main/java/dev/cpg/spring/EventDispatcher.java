package dev.cpg.spring;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Dispatches the events of a group to the listeners. What these throw has no effect on
 * anything else.
 */
final class EventDispatcher {

	private final ApplicationEventPublisher publisher;

	private final ListenerCalls calls;

	private final ListenerWatchdog watchdog;

	/**
	 * Creates a dispatcher.
	 * @param publisher calls the listeners
	 * @param calls keeps which of them is called
	 * @param watchdog names a slow one
	 */
	EventDispatcher(ApplicationEventPublisher publisher, ListenerCalls calls, ListenerWatchdog watchdog) {
		this.publisher = publisher;
		this.calls = calls;
		this.watchdog = watchdog;
	}

	/** Returns when all listeners have returned. */
	void dispatch(ApplicationEvent event) {
		this.calls.begin(event);
		this.watchdog.dispatching();
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			this.calls.failed(null, event, ex);
		}
		finally {
			this.calls.end();
		}
	}

}
