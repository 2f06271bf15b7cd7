package dev.cpg.client.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what may block for a moment and does so rarely, such as a question to the
 * daemon. All connections share them. A thread is started when a task finds none idle,
 * and ends when it has been idle for a second. It belongs to nobody else, so nobody can
 * interrupt a task.
 */
public final class HelperThreads implements Executor {

	private static final String NAME = "cpg-helper";

	private static final Duration IDLE = Duration.ofSeconds(1);

	/** All connections of the class loader share these. */
	public static final Executor SHARED = new HelperThreads();

	private final ThreadPoolExecutor pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE.toNanos(),
			TimeUnit.NANOSECONDS, new SynchronousQueue<>(), HelperThreads::newThread);

	private HelperThreads() {
	}

	/**
	 * Runs a task.
	 * @throws OutOfMemoryError if no thread is available
	 */
	@Override
	public void execute(Runnable task) {
		this.pool.execute(task);
	}

	/** The thread keeps nothing of the caller, who may be of another application. */
	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(null, task, NAME, 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(HelperThreads.class.getClassLoader());
		return thread;
	}

}
