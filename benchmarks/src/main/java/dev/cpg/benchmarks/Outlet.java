package dev.cpg.benchmarks;

import java.util.concurrent.CompletableFuture;

/**
 * Where a member sends its messages.
 */
@FunctionalInterface
interface Outlet {

	/**
	 * Sends a message to all members.
	 * @param message the message, which the caller uses again
	 * @return completes when the message is delivered, or at once where nobody says when
	 * that is
	 */
	CompletableFuture<?> multicast(byte[] message);

}
