package dev.cpg.spring;

import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * becomes of what they throw.
 * <p>
 * Events come on one delivery thread at a time. Another thread, the membership's, is made
 * to look now and then while they do, and names a listener that is slow; while there are
 * none it sleeps.
 */
final class ListenerCalls {

	/** One slow listener can be slow for every event. */
	private static final long WARNING_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final Duration LONGEST = Duration.ofDays(1);

	private final long thresholdNanos;

	private final ErrorHandler errorHandler;

	private volatile @Nullable Thread watcher;

	private volatile boolean watched;

	/** What is told; the time is written before, and read after, what it belongs to. */
	private long eventSince;

	private volatile @Nullable ApplicationEvent event;

	/** The thread that tells it. */
	private volatile @Nullable Thread telling;

	private long listenerSince;

	private volatile @Nullable Object listener;

	/** What was warned of last; the watcher's alone. */
	private @Nullable ApplicationEvent slowEvent;

	private @Nullable Object slowListener;

	private long warnedAt = System.nanoTime() - WARNING_PAUSE_NANOS;

	ListenerCalls(Duration threshold, ErrorHandler errorHandler) {
		this.thresholdNanos = ((threshold.compareTo(LONGEST) < 0) ? threshold : LONGEST).toNanos();
		this.errorHandler = errorHandler;
	}

	/**
	 * Returns the calls that an event belongs to, {@code null} if it is none of a group.
	 * An event of nobody's membership, such as a test publishes, has some of its own.
	 */
	static @Nullable ListenerCalls of(ApplicationEvent event) {
		Object cpgEvent = (event instanceof PayloadApplicationEvent) ? event.getSource() : event;
		boolean known = (event == cpgEvent) ? cpgEvent instanceof CpgEvent : cpgEvent instanceof CpgDeliverEvent;
		if (!known) {
			return null;
		}
		return (((CpgEvent) cpgEvent).getSource() instanceof GroupState group) ? group.listenerCalls()
				: new ListenerCalls(Duration.ofDays(1), ListenerCalls::log);
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

	/** Its thread looks while events are told; until the next one does. */
	void watchedBy(Thread watcher) {
		this.watcher = watcher;
	}

	/** An event is told from now on, to one listener after another. */
	void begin(ApplicationEvent event) {
		this.eventSince = System.nanoTime();
		this.telling = Thread.currentThread();
		this.event = event;
		if (!this.watched) {
			this.watched = true;
			LockSupport.unpark(this.watcher);
		}
	}

	/**
	 * A listener is called from now on, or {@code null} if none is. One that the
	 * application has called on another thread holds nobody up and is not noted.
	 * @return the one that was called until now: a listener may publish events, too
	 */
	@Nullable Object listener(@Nullable Object listener) {
		if (!isTelling()) {
			return null;
		}
		Object previous = this.listener;
		if (listener != null) {
			this.listenerSince = System.nanoTime();
		}
		this.listener = listener;
		return previous;
	}

	/** Returns whether an event is told on the calling thread: a listener calls. */
	boolean isTelling() {
		return this.telling == Thread.currentThread();
	}

	void end() {
		this.telling = null;
		this.event = null;
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
				.log("The error handler threw an exception on {}; the next event comes all the same", event);
		}
	}

	/** What the error handler is if there is no other. */
	static void log(Throwable ex) {
		LogLine line = CpgLog.LISTENERS.error().cause(ex.getCause());
		if (ex instanceof CpgListenerException failure && failure.getEvent() instanceof CpgEvent event) {
			line.with("group", event.getGroup());
		}
		line.log("{}", ex.getMessage());
	}

	/** Returns for how long the present event is told, and to whom; if there is one. */
	@Nullable Call current() {
		return call(false);
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
	 * Looks what the listeners do; for the watcher.
	 * @return for how long it may sleep, in nanoseconds, 0 until it is woken
	 */
	long look() {
		if (this.event == null) {
			this.slowEvent = null;
			this.slowListener = null;
			this.watched = false;
			if (this.event == null) {
				return 0;
			}
			this.watched = true;
		}
		Call call = call(true);
		if (call == null || (call.event() == this.slowEvent && call.listener() == this.slowListener)) {
			return this.thresholdNanos;
		}
		long early = Math.max(this.thresholdNanos - call.duration().toNanos(),
				this.warnedAt + WARNING_PAUSE_NANOS - System.nanoTime());
		if (early > 0) {
			return early;
		}
		this.slowEvent = call.event();
		this.slowListener = call.listener();
		this.warnedAt = System.nanoTime();
		CpgLog.LISTENERS.warn()
			.with("event", call.event())
			.with("listener", call.listener())
			.with("millis", call.duration().toMillis())
			.log("{}; the events behind it wait (cpg.delivery.slow-listener-threshold)", call);
		return this.thresholdNanos;
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
