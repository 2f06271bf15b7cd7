package dev.cpg.boot.autoconfigure.leadership;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Checks the health of one group again and again. A check runs on a thread of its own, as
 * it may hang; then the group counts as down, and is not checked again before the check
 * returns. Everything else runs on the executor's one thread.
 */
final class HealthWatch {

	static final Duration INTERVAL = Duration.ofSeconds(2);

	/** From here on Boot itself logs a health indicator as slow. */
	static final Duration LIMIT = Duration.ofSeconds(10);

	private final String group;

	private final BooleanSupplier check;

	private final Consumer<Boolean> listener;

	private final ScheduledExecutorService executor;

	private final Duration limit;

	private final @Nullable ClassLoader classLoader;

	private boolean healthy;

	private boolean underWay;

	private boolean requested;

	private @Nullable Future<?> next;

	/**
	 * Creates a watch.
	 * @param group the name of the health group
	 * @param check checks whether the group is healthy
	 * @param listener is notified of each change on the executor's thread, from "not
	 * healthy" on
	 * @param executor has one thread
	 * @param limit how long a check may take
	 * @param classLoader the application's
	 */
	HealthWatch(String group, BooleanSupplier check, Consumer<Boolean> listener, ScheduledExecutorService executor,
			Duration limit, @Nullable ClassLoader classLoader) {
		this.group = group;
		this.check = check;
		this.listener = listener;
		this.executor = executor;
		this.limit = limit;
		this.classLoader = classLoader;
	}

	/** Checks now, or again as soon as the present check has returned. Any thread may. */
	void request() {
		this.executor.execute(() -> {
			this.requested = true;
			begin();
		});
	}

	private void begin() {
		if (this.underWay) {
			return;
		}
		if (this.next != null) {
			this.next.cancel(false);
		}
		this.underWay = true;
		this.requested = false;
		Future<?> late = schedule(
				() -> report(false, "a check has not returned for %d s".formatted(this.limit.toSeconds())), this.limit);
		HelperThreads.SHARED.execute(() -> {
			Outcome outcome = check();
			this.executor.execute(() -> end(outcome, late));
		});
	}

	/** The thread is not the application's, which may have been loaded otherwise. */
	private Outcome check() {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(this.classLoader);
		try {
			return this.check.getAsBoolean() ? new Outcome(true, "it is up") : new Outcome(false, "it is down");
		}
		catch (Throwable ex) {
			return new Outcome(false, "a check has failed: " + ex);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private void end(Outcome outcome, Future<?> late) {
		late.cancel(false);
		this.underWay = false;
		report(outcome.healthy(), outcome.reason());
		if (this.requested) {
			begin();
		}
		else {
			this.next = schedule(this::begin, INTERVAL);
		}
	}

	private Future<?> schedule(Runnable task, Duration delay) {
		return this.executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void report(boolean nowHealthy, String reason) {
		if (this.healthy == nowHealthy) {
			return;
		}
		this.healthy = nowHealthy;
		CpgLog.LEADERSHIP.info()
			.log("The health group '{}' {} this service to lead: {}", this.group, nowHealthy ? "allows" : "forbids",
					reason);
		this.listener.accept(nowHealthy);
	}

	/** What came of a check. */
	private record Outcome(boolean healthy, String reason) {
	}

}
