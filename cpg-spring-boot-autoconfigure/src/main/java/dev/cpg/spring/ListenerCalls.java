package dev.cpg.spring;

import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.function.Consumer;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLine;
import dev.cpg.client.internal.log.Printable;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.util.ErrorHandler;

/**
 * The calls of a membership's listeners: which is under way and since when, and what
 * becomes of what they throw. Events are dispatched by one delivery thread at a time; any
 * thread may ask.
 */
final class ListenerCalls {

	private final ErrorHandler errorHandler;

	/**
	 * Since when the event is dispatched. Each time is written before, and read after,
	 * what it belongs to.
	 */
	private long eventSince;

	private volatile @Nullable ApplicationEvent event;

	private volatile @Nullable Thread dispatcher;

	private long listenerSince;

	private volatile @Nullable Object listener;

	ListenerCalls(ErrorHandler errorHandler) {
		this.errorHandler = errorHandler;
	}

	/**
	 * Returns the calls of the membership that published an event, {@code null} if it is
	 * not an event of a group. An event that no membership published, as in a test, gets
	 * new calls.
	 */
	static @Nullable ListenerCalls of(ApplicationEvent event) {
		Object cpgEvent = (event instanceof PayloadApplicationEvent) ? event.getSource() : event;
		boolean known = (event == cpgEvent) ? cpgEvent instanceof CpgEvent : cpgEvent instanceof CpgDeliverEvent;
		if (!known) {
			return null;
		}
		return (((CpgEvent) cpgEvent).getSource() instanceof GroupState group) ? group.listenerCalls()
				: new ListenerCalls(ListenerCalls::log);
	}

	/**
	 * Calls a listener. What it throws on an event of a group goes to that group's error
	 * handler, and on any other event to the caller.
	 */
	static void call(Object listener, ApplicationEvent event, Consumer<ApplicationEvent> call) {
		ListenerCalls calls = of(event);
		if (calls == null) {
			call.accept(event);
			return;
		}
		Object previous = calls.listener(listener);
		try {
			call.accept(event);
		}
		catch (UndeclaredThrowableException ex) {
			calls.failed(listener, event, (ex.getCause() != null) ? ex.getCause() : ex);
		}
		catch (Throwable ex) {
			calls.failed(listener, event, ex);
		}
		finally {
			calls.listener(previous);
		}
	}

	/**
	 * The calling thread dispatches an event from now on, to one listener after another.
	 */
	void begin(ApplicationEvent event) {
		this.eventSince = System.nanoTime();
		this.dispatcher = Thread.currentThread();
		this.event = event;
	}

	/** All listeners have returned. */
	void end() {
		this.dispatcher = null;
		this.event = null;
	}

	/**
	 * A listener is called from now on, or {@code null} if none is. One that the
	 * application has called on another thread holds nobody up and is not noted.
	 * @return the one that was called until now: a listener may publish events, too
	 */
	@Nullable Object listener(@Nullable Object listener) {
		if (!isDispatching()) {
			return null;
		}
		Object previous = this.listener;
		if (listener != null) {
			this.listenerSince = System.nanoTime();
		}
		this.listener = listener;
		return previous;
	}

	/** Returns whether the calling thread dispatches an event: a listener calls. */
	boolean isDispatching() {
		return this.dispatcher == Thread.currentThread();
	}

	/** Returns whether an event is dispatched. */
	boolean isBusy() {
		return this.event != null;
	}

	/** Returns for how long the present event has been dispatched, if there is one. */
	@Nullable Call current() {
		return call(false);
	}

	/** Returns for how long the present listener has been called, if that is known. */
	@Nullable Call currentListener() {
		return call(true);
	}

	private @Nullable Call call(boolean ofListener) {
		ApplicationEvent event = this.event;
		Object listener = this.listener;
		long since = (ofListener && listener != null) ? this.listenerSince : this.eventSince;
		if (event == null || event != this.event || listener != this.listener) {
			return null;
		}
		return new Call(event, listener, Duration.ofNanos(Math.max(0, System.nanoTime() - since)));
	}

	/**
	 * A listener threw an exception.
	 * @param listener which, if it is known
	 */
	void failed(@Nullable Object listener, ApplicationEvent event, Throwable thrown) {
		try {
			this.errorHandler.handleError(new CpgListenerException(listener, event, thrown));
		}
		catch (Throwable ex) {
			CpgLog.LISTENERS.error()
				.cause(ex)
				.log("The error handler threw an exception on {}; the next event comes anyway", event);
		}
	}

	/** What the error handler does if there is no other. */
	static void log(Throwable ex) {
		LogLine line = CpgLog.LISTENERS.error().cause(ex.getCause());
		if (ex instanceof CpgListenerException failure && failure.getEvent() instanceof CpgEvent event) {
			line.with("group", event.getGroup());
		}
		line.log("{}", ex.getMessage());
	}

	/**
	 * What the listeners are busy with.
	 *
	 * @param event the event
	 * @param listener which is called, if that is known
	 * @param duration for how long
	 */
	record Call(ApplicationEvent event, @Nullable Object listener, Duration duration) {

		@Override
		public String toString() {
			return "%s has been busy with %s for %d ms".formatted(
					(this.listener != null) ? Printable.of(this.listener) : "A listener", Printable.of(this.event),
					this.duration.toMillis());
		}

	}

}
