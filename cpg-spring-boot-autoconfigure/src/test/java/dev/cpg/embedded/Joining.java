package dev.cpg.embedded;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;

/**
 * Joins a group without waiting, so that a test of many members goes on meanwhile.
 */
public final class Joining {

	private Joining() {
	}

	/**
	 * Asks to join.
	 * @return completes with the answer
	 */
	public static CompletableFuture<?> start(CpgConnection connection, CpgGroupName group) {
		return ((EmbeddedConnection) connection).startJoin(group);
	}

}
