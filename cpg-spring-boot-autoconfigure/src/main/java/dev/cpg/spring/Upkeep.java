package dev.cpg.spring;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;

/**
 * What a membership's thread does beside its connections, while it waits: it names a slow
 * listener, sums up changes in the log, reads the names of new nodes. Each task says when
 * it is due again, or wakes the thread when there is something to do. So no task needs a
 * thread of its own, and nothing polls.
 */
final class Upkeep {

	/** There is nothing to do until the task wakes the thread. */
	static final long NOTHING_DUE = MembershipThread.UNTIL_WOKEN;

	private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final MembershipThread thread;

	private final List<Task> tasks;

	private final LogLimit failures = new LogLimit();

	Upkeep(MembershipThread thread, Task... tasks) {
		this.thread = thread;
		this.tasks = List.of(tasks);
	}

	/**
	 * Performs what is due until a condition is met, and sleeps in between. Whoever meets
	 * the condition wakes the thread.
	 */
	void until(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			this.thread.sleep(perform());
		}
	}

	/**
	 * As {@link #until(BooleanSupplier)}, within a time limit.
	 * @return whether the condition is met
	 */
	boolean until(BooleanSupplier condition, TimeLimit limit) {
		while (!condition.getAsBoolean()) {
			long left = limit.nanos();
			if (left <= 0) {
				return false;
			}
			this.thread.sleep(Math.min(left, perform()));
		}
		return true;
	}

	private long perform() {
		long pause = NOTHING_DUE;
		for (Task task : this.tasks) {
			pause = Math.min(pause, perform(task));
		}
		return pause;
	}

	/** A task that fails, for lack of memory say, costs no membership. */
	private long perform(Task task) {
		try {
			return task.perform();
		}
		catch (Throwable ex) {
			log(task, ex);
			return RETRY_NANOS;
		}
	}

	private void log(Task task, Throwable failure) {
		try {
			Class<?> type = task.getClass();
			this.failures.log(type,
					(leftOut) -> CpgLog.MEMBERSHIP.warn()
						.cause(failure)
						.log("{} has failed, and is tried again in a second: {}", type.getSimpleName(), failure));
		}
		catch (Throwable ex) {
			// It lacks the memory for it.
		}
	}

	/**
	 * A task, performed by the membership's thread.
	 */
	interface Task {

		/**
		 * Does what is due, if anything is; does not wait.
		 * @return when to perform it again, in nanoseconds from now and more than zero;
		 * {@link #NOTHING_DUE} if not before it has woken the thread
		 */
		long perform();

	}

}
