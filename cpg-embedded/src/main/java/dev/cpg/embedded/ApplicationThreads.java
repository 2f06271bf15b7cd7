package dev.cpg.embedded;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that notify listeners and complete the futures of sends: a few for all
 * connections, and more only while the application holds them up. While one serves a
 * connection, it has the connection's name.
 */
final class ApplicationThreads {

	private static final int FEW = Math.max(2, Runtime.getRuntime().availableProcessors());

	private static final long IDLE_SECONDS = 2;

	private final ThreadPoolExecutor executor;

	/** What is to be overtaken if it is held up. */
	private final Set<SerialTasks> overtakings = ConcurrentHashMap.newKeySet();

	/** How many tasks the threads have begun. */
	private final AtomicInteger begun = new AtomicInteger();

	private int begunWhenWatched = -1;

	ApplicationThreads(String name) {
		AtomicInteger count = new AtomicInteger();
		this.executor = new ThreadPoolExecutor(FEW, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, name + "-listeners-" + count.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
		this.executor.allowCoreThreadTimeOut(true);
	}

	void serve(SerialTasks tasks) {
		if (tasks.isOvertaking()) {
			this.overtakings.add(tasks);
		}
		execute(tasks);
	}

	private void execute(SerialTasks tasks) {
		this.executor.execute(() -> {
			this.begun.incrementAndGet();
			Thread thread = Thread.currentThread();
			String idleName = thread.getName();
			thread.setName(tasks.threadName());
			tasks.runAll();
			thread.setName(idleName);
		});
	}

	/** Returns whether something waits, and may be held up by the application. */
	boolean isBusy() {
		return !this.executor.getQueue().isEmpty() || !this.overtakings.isEmpty();
	}

	/** Looks whether the application holds up what waits, and adds threads if it does. */
	void watch() {
		int now = this.begun.get();
		boolean waits = !this.executor.getQueue().isEmpty();
		if (waits && now == this.begunWhenWatched) {
			this.executor.setCorePoolSize(2 * this.executor.getCorePoolSize());
		}
		else if (!waits) {
			this.executor.setCorePoolSize(FEW);
		}
		this.begunWhenWatched = now;
		this.overtakings.removeIf(SerialTasks::isDone);
		this.overtakings.stream().filter(SerialTasks::isHeldUp).forEach(this::execute);
	}

	/** Ends the threads when the tasks that were given are done. */
	void close() {
		this.executor.shutdown();
	}

}
