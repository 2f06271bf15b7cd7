package dev.cpg.client.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Something that a {@link SharedTimer} runs at a time. Any thread may set it, at any
 * time: that takes no memory, and one volatile read if the alarm is set for an earlier
 * time already, so a sender at full speed wakes nobody.
 */
public final class Alarm {

	/** Later than any time. */
	public static final long NEVER = Long.MAX_VALUE;

	/** After this time there may be memory again. */
	private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();

	private final SharedTimer timer;

	private final Task task;

	private final Consumer<Throwable> onFailure;

	private final AtomicLong due = new AtomicLong(NEVER);

	/** See {@link SharedTimer}. */
	private volatile @Nullable Alarm next;

	/**
	 * Creates an alarm, which runs once it is added to its timer and is due.
	 * @param task what it runs
	 * @param onFailure is notified of what the task throws
	 */
	public Alarm(SharedTimer timer, Task task, Consumer<Throwable> onFailure) {
		this.timer = timer;
		this.task = task;
		this.onFailure = onFailure;
	}

	/**
	 * Has the task run at a time, or before.
	 * @param nanoTime a {@link System#nanoTime()}
	 */
	public void wakeBy(long nanoTime) {
		if (nanoTime < this.due.get()) {
			this.due.accumulateAndGet(nanoTime, Math::min);
			this.timer.wakeBy(nanoTime);
		}
	}

	@Nullable Alarm next() {
		return this.next;
	}

	void next(@Nullable Alarm next) {
		this.next = next;
	}

	long due() {
		return this.due.get();
	}

	/** Nothing that the task throws may end the timer, which is everybody's. */
	void runIfDue() {
		long now = System.nanoTime();
		if (this.due.get() > now) {
			return;
		}
		// Before the task looks, so that what comes meanwhile is seen by it or sets this.
		this.due.set(NEVER);
		try {
			wakeBy(this.task.run(now));
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	private void fail(Throwable ex) {
		try {
			this.onFailure.accept(ex);
		}
		catch (Throwable again) {
			wakeBy(System.nanoTime() + RETRY_NANOS);
		}
	}

	/** What an alarm runs. */
	@FunctionalInterface
	public interface Task {

		/**
		 * Does what is due.
		 * @param now the {@link System#nanoTime()}
		 * @return when to run again, {@link #NEVER} if only {@link Alarm#wakeBy} says so
		 */
		long run(long now);

	}

}
