package dev.cpg.spring;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.ListenerCalls.Call;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Names a listener that is slow, while it is. The first event after a quiet time wakes
 * the membership's thread, which then looks once in each threshold for as long as events
 * come; what a look costs is not on the way of a message.
 */
final class ListenerWatchdog implements Upkeep.Task {

	/** One slow listener can be slow for every event. */
	private static final long WARNING_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final Duration LONGEST_THRESHOLD = Duration.ofDays(1);

	/** The thread is not to be kept busy by looking. */
	private static final long LEAST_THRESHOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final ListenerCalls calls;

	private final CpgMembershipSettings settings;

	private final long thresholdNanos;

	private final Runnable wake;

	private volatile boolean awake;

	/** What was warned of last. */
	private @Nullable ApplicationEvent slowEvent;

	private @Nullable Object slowListener;

	private long warnedAt = System.nanoTime() - WARNING_PAUSE_NANOS;

	/**
	 * Creates a watchdog.
	 * @param calls what it watches
	 * @param settings how long a listener may be busy with one event
	 * @param wake wakes the thread that performs this task
	 */
	ListenerWatchdog(ListenerCalls calls, CpgMembershipSettings settings, Runnable wake) {
		Duration threshold = settings.slowListenerThreshold();
		this.settings = settings;
		this.calls = calls;
		this.thresholdNanos = Math.max(LEAST_THRESHOLD_NANOS,
				((threshold.compareTo(LONGEST_THRESHOLD) < 0) ? threshold : LONGEST_THRESHOLD).toNanos());
		this.wake = wake;
	}

	/** The dispatch of an event has begun; called by the delivery thread. */
	void dispatching() {
		if (!this.awake) {
			this.awake = true;
			this.wake.run();
		}
	}

	@Override
	public long perform() {
		if (!this.calls.isBusy() && fallsAsleep()) {
			return Upkeep.NOTHING_DUE;
		}
		Call call = this.calls.currentListener();
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
		warn(call);
		return this.thresholdNanos;
	}

	/** An event that begins meanwhile either wakes this thread or is seen here. */
	private boolean fallsAsleep() {
		this.slowEvent = null;
		this.slowListener = null;
		this.awake = false;
		if (!this.calls.isBusy()) {
			return true;
		}
		this.awake = true;
		return false;
	}

	private void warn(Call call) {
		CpgLog.LISTENERS.warn()
			.with("event", call.event())
			.with("listener", call.listener())
			.with("millis", call.duration().toMillis())
			.log("{}; the events behind it wait ({})", call,
					this.settings.name("delivery.slow-listener-threshold", "slowListenerThreshold"));
	}

}
