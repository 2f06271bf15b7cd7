package dev.cpg.spring;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a membership. It does the membership's runs, one after the other, and
 * is there only while there is one. It keeps the JVM running, as the threads of message
 * listener containers do.
 */
final class MembershipThread {

	/** A sleep without a limit. */
	static final long UNTIL_WOKEN = Long.MAX_VALUE;

	private final String name;

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private volatile @Nullable Thread thread;

	/**
	 * Whether the thread was woken since it last slept. What the thread does between two
	 * sleeps may park it, on a lock of a log appender say, and use up the permit of
	 * {@link LockSupport#unpark(Thread)}.
	 */
	private volatile boolean woken;

	MembershipThread(String name) {
		this.name = name;
	}

	/**
	 * Does a task when those before it are done.
	 * @throws Error if there can be no more threads; the task is not done then
	 */
	synchronized void execute(Runnable task) {
		if (this.thread == null) {
			this.thread = start();
		}
		this.tasks.add(task);
	}

	private Thread start() {
		Thread thread = new Thread(this::run, ThreadNames.take(this.name));
		thread.setDaemon(false);
		try {
			// It takes its first task when the monitor is free.
			thread.start();
			return thread;
		}
		catch (Throwable ex) {
			ThreadNames.giveBack(thread.getName());
			throw ex;
		}
	}

	private void run() {
		for (Runnable task = next(); task != null; task = next()) {
			perform(task);
		}
	}

	/** A task that fails must not take the tasks after it along. */
	private void perform(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			log(ex);
		}
	}

	private void log(Throwable failure) {
		try {
			CpgLog.MEMBERSHIP.error()
				.cause(failure)
				.log("A task of the thread '{}' has failed; the thread continues with the next one",
						Thread.currentThread().getName());
		}
		catch (Throwable ex) {
			// It lacks the memory for it.
		}
	}

	private synchronized @Nullable Runnable next() {
		Runnable task = this.tasks.poll();
		if (task == null) {
			this.thread = null;
			ThreadNames.giveBack(Thread.currentThread().getName());
		}
		return task;
	}

	/**
	 * Has the calling thread, which is this one, sleep until it is woken.
	 * @param nanos for how long at most
	 */
	void sleep(long nanos) {
		if (!this.woken) {
			park(nanos);
		}
		// Whoever wakes the thread from here on has met a condition that it checks next.
		this.woken = false;
	}

	private void park(long nanos) {
		if (nanos == UNTIL_WOKEN) {
			LockSupport.park(this);
		}
		else {
			LockSupport.parkNanos(this, nanos);
		}
	}

	/**
	 * Ends the thread's sleep, or the next one if it is awake. Any thread may call it.
	 */
	void wake() {
		this.woken = true;
		LockSupport.unpark(this.thread);
	}

}
