package dev.cpg.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Decides which of the enabled steps of a cluster happens when, and on which thread. The
 * state of the cluster is changed by one thread at a time, the engine's.
 */
interface Engine extends AutoCloseable {

	/** Begins to run the steps of a cluster. */
	void start(ClusterSteps steps);

	/** Returns the time by the engine's clock. For any thread. */
	long nanoTime();

	/** Has a task change the state, after those that the caller gave before. */
	void execute(Runnable task);

	/**
	 * Has a task change the state, and waits until that is done.
	 * @throws IllegalStateException if the cluster was closed
	 */
	default void apply(Runnable change) {
		CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
		execute(() -> {
			change.run();
			done.complete(null);
		});
		if (!await(done::isDone, Timers.NEVER)) {
			throw new IllegalStateException("The cluster was closed");
		}
	}

	/**
	 * Waits for a condition that steps bring about, and that may be looked at by any
	 * thread. An interrupt does not end the wait.
	 * @param condition what to wait for
	 * @param deadline until when, by the engine's clock
	 * @return whether the condition holds
	 */
	boolean await(BooleanSupplier condition, long deadline);

	/**
	 * Waits as {@link #await} does, unless the thread is interrupted.
	 * @throws InterruptedException if it was
	 */
	boolean awaitInterruptibly(BooleanSupplier condition, long deadline) throws InterruptedException;

	/** Returns a future that the engine completes, for callers to wait for. */
	<T> CompletableFuture<T> newFuture();

	/**
	 * Returns what chance decides. For the engine's thread.
	 * @param count how many possibilities there are, at least one
	 * @return one of them, from 0
	 */
	int choose(int count);

	/** Has a task change the state at a time. For the engine's thread. */
	void schedule(long time, Runnable task);

	/** Runs tasks of the application. For the engine's thread. */
	void serve(SerialTasks tasks);

	/** Something has changed, outside of the engine's thread, that somebody may await. */
	void signal();

	/** Ends it; nothing happens any more. */
	@Override
	void close();

}
