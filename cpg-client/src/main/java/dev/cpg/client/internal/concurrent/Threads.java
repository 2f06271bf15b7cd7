package dev.cpg.client.internal.concurrent;

import java.util.concurrent.ThreadFactory;

/**
 * Starts the threads of one connection, all of them daemons and named
 * {@code cpg-NAME-ROLE}.
 *
 * @param name what they are named after, such as the group
 * @param factory makes them
 */
public record Threads(String name, ThreadFactory factory) {

	/**
	 * Starts a thread.
	 * @param role what it does, in a word
	 */
	public Thread start(String role, Runnable task) {
		Thread thread = this.factory.newThread(task);
		thread.setName("cpg-" + this.name + "-" + role);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
