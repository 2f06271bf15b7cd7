package dev.cpg.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Publishes events of groups to all listeners of a hierarchy of contexts, on the calling
 * thread: to those of the membership's context, those of its parents, as Spring does by
 * itself, and those of its children, which Spring does not. A listener that throws does
 * not prevent the others from being called.
 * <p>
 * A child's listeners get the events from the end of its refresh until it is closed.
 */
public final class CpgContextPublisher implements ApplicationEventPublisher {

	private final ConfigurableApplicationContext context;

	private final List<Descendant> descendants = new CopyOnWriteArrayList<>();

	/**
	 * Creates a publisher; called by the thread that refreshes the context.
	 * @param context the membership's context, whose parents have been refreshed
	 */
	public CpgContextPublisher(ConfigurableApplicationContext context) {
		this.context = context;
		for (ApplicationContext parent = context.getParent(); parent != null; parent = parent.getParent()) {
			CpgEventListenerFactory.isolateListeners(parent);
		}
		context.addApplicationListener(new Hierarchy());
	}

	@Override
	public void publishEvent(Object event) {
		Throwable failure = attempt(null, () -> this.context.publishEvent(event));
		for (Descendant descendant : this.descendants) {
			failure = attempt(failure, () -> descendant.listeners().multicastEvent((ApplicationEvent) event));
		}
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			throw exception;
		}
	}

	/** What one context's listeners throw must not keep the event from another's. */
	private static @Nullable Throwable attempt(@Nullable Throwable failure, Runnable publishing) {
		try {
			publishing.run();
		}
		catch (RuntimeException | Error ex) {
			if (failure == null) {
				return ex;
			}
			failure.addSuppressed(ex);
		}
		return failure;
	}

	/**
	 * A child announces itself: its context events reach the listeners of its parents.
	 */
	private final class Hierarchy implements ApplicationListener<ApplicationContextEvent> {

		@Override
		public void onApplicationEvent(ApplicationContextEvent event) {
			ApplicationContext context = event.getApplicationContext();
			if (context == CpgContextPublisher.this.context) {
				return;
			}
			if (event instanceof ContextRefreshedEvent || event instanceof ContextClosedEvent) {
				CpgContextPublisher.this.descendants.removeIf((descendant) -> descendant.context() == context);
			}
			if (event instanceof ContextRefreshedEvent) {
				CpgEventListenerFactory.isolateListeners(context);
				CpgContextPublisher.this.descendants.add(new Descendant(context,
						context.getBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
								ApplicationEventMulticaster.class)));
			}
		}

	}

	private record Descendant(ApplicationContext context, ApplicationEventMulticaster listeners) {
	}

}
