package dev.cpg.embedded;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import org.jspecify.annotations.Nullable;

/**
 * What a session asks of its daemon. The daemon takes the requests of a session in order.
 */
sealed interface Request {

	/**
	 * To join a group.
	 *
	 * @param group the group
	 * @param reply completes when the listener is about to be notified of the join
	 */
	record Join(CpgGroupName group, CompletableFuture<@Nullable Void> reply) implements Request {

	}

	/**
	 * To leave the group.
	 *
	 * @param reply completes when the leave is agreed
	 */
	record Leave(CompletableFuture<@Nullable Void> reply) implements Request {

	}

	/**
	 * To list the groups and their members.
	 *
	 * @param reply completes with the list
	 */
	record Groups(CompletableFuture<Map<CpgGroupName, List<CpgAddress>>> reply) implements Request {

	}

	/**
	 * To send a message.
	 *
	 * @param multicast the message
	 */
	record Send(Multicast multicast) implements Request {

	}

	/**
	 * The session has ended without a leave.
	 */
	record End() implements Request {

	}

}
