package dev.cpg.faults.member;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread that does something again and again. The process ends if that fails, as
 * nothing would be recorded any more.
 */
final class Repeater {

	/** What is not caught elsewhere is a mistake in this program. */
	private static final int FAILED = 70;

	private static final long STOP_SECONDS = 30;

	private final ScheduledThreadPoolExecutor thread;

	Repeater(String name) {
		this.thread = new ScheduledThreadPoolExecutor(1, (task) -> new Thread(task, name));
		this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		// What is to be done later is not done any more.
		this.thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
	}

	void repeat(Runnable task, long millis) {
		this.thread.scheduleWithFixedDelay(guarded(task), 0, millis, TimeUnit.MILLISECONDS);
	}

	void later(Runnable task, long millis) {
		this.thread.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
	}

	/** Returns when it does nothing more. */
	void stop() throws InterruptedException {
		this.thread.shutdown();
		if (!this.thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("What the member repeats did not end within " + STOP_SECONDS + " seconds");
		}
	}

	static Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				ex.printStackTrace();
				Runtime.getRuntime().halt(FAILED);
			}
		};
	}

}
