package dev.cpg.client.internal.concurrent;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * The threads of one connection, and those that it shares with all others.
 *
 * @param name what its own threads are named after, such as the group
 * @param factory makes its own threads
 * @param executor runs what depends on futures of sends; {@code null} for a thread of the
 * connection
 * @param helpers run what blocks for a moment, for all connections
 * @param timer runs what is due, for all connections
 */
public record ConnectionThreads(String name, ThreadFactory factory, @Nullable Executor executor, Executor helpers,
		SharedTimer timer) {

	/**
	 * Starts a thread of the connection: a daemon, named {@code cpg-NAME-ROLE}.
	 * @param role what it does, in a word
	 */
	public void start(String role, Runnable task) {
		Thread thread = this.factory.newThread(task);
		if (thread == null) {
			throw new IllegalStateException("The thread factory made no thread");
		}
		thread.setName("cpg-" + this.name + "-" + role);
		thread.setDaemon(true);
		thread.start();
	}

}
