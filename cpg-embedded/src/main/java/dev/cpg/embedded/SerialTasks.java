package dev.cpg.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Runs what the application has to do with a connection, its listener or what depends on
 * its sends, one task at a time and in order. It has no thread of its own: it is served
 * by the engine while there is something to do.
 */
final class SerialTasks implements Step {

	private static final Logger LOGGER = System.getLogger("dev.cpg.embedded");

	private final Engine engine;

	private final boolean overtaking;

	private final String threadName;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean served = new AtomicBoolean();

	/** Counts those who served it; the last one goes on, an earlier one ends. */
	private final AtomicInteger servers = new AtomicInteger();

	private volatile @Nullable Thread thread;

	private volatile long completed;

	private long completedWhenWatched = -1;

	/**
	 * Creates it.
	 * @param engine who serves it
	 * @param overtaking whether the next task may begin when one is held up
	 * @param threadName what a thread is called that serves it and nothing else meanwhile
	 */
	SerialTasks(Engine engine, boolean overtaking, String threadName) {
		this.engine = engine;
		this.overtaking = overtaking;
		this.threadName = threadName;
	}

	void add(Runnable task) {
		this.tasks.add(task);
		if (this.served.compareAndSet(false, true)) {
			this.engine.serve(this);
		}
	}

	String threadName() {
		return this.threadName;
	}

	boolean isOvertaking() {
		return this.overtaking;
	}

	/** Returns whether the calling thread runs one of the tasks. */
	boolean isRunByCaller() {
		return this.thread == Thread.currentThread();
	}

	/** Returns whether nothing is left to do. */
	boolean isDone() {
		return !this.served.get();
	}

	/** Returns whether a task waits and none was completed since the last call. */
	boolean isHeldUp() {
		long now = this.completed;
		boolean heldUp = !this.tasks.isEmpty() && now == this.completedWhenWatched;
		this.completedWhenWatched = now;
		return heldUp;
	}

	/** Runs tasks until none is left, or another thread was given the rest. */
	void runAll() {
		int server = this.servers.incrementAndGet();
		do {
			Runnable task = this.tasks.poll();
			while (task != null) {
				execute(task);
				if (this.servers.get() != server) {
					return;
				}
				task = this.tasks.poll();
			}
			this.served.set(false);
		}
		while (!this.tasks.isEmpty() && this.served.compareAndSet(false, true));
	}

	/** The next task; for an engine that serves it step by step. */
	@Override
	public void run() {
		Runnable task = this.tasks.poll();
		if (task != null) {
			execute(task);
		}
		if (this.tasks.isEmpty()) {
			this.served.set(false);
		}
	}

	@Override
	public boolean isEnabled() {
		return (this.overtaking || this.thread == null) && !this.tasks.isEmpty();
	}

	@SuppressWarnings("NonAtomicVolatileUpdate")
	private void execute(Runnable task) {
		this.thread = Thread.currentThread();
		try {
			task.run();
		}
		catch (Throwable ex) {
			LOGGER.log(Level.ERROR, "A listener, or what depends on a message, threw an exception", ex);
		}
		finally {
			this.thread = null;
			// More than one thread counts only where one was overtaken.
			this.completed++;
		}
	}

}
