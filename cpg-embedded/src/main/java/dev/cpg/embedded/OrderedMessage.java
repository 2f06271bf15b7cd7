package dev.cpg.embedded;

import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgReason;

/**
 * What daemons send each other in the total order of their ring.
 */
sealed interface OrderedMessage {

	/**
	 * A process joins a group.
	 *
	 * @param group the group
	 * @param member the process
	 */
	record Join(CpgGroupName group, CpgAddress member) implements OrderedMessage {

	}

	/**
	 * A process leaves a group.
	 *
	 * @param group the group
	 * @param member the process
	 * @param reason whether it asked for that or ended
	 */
	record Leave(CpgGroupName group, CpgAddress member, CpgReason reason) implements OrderedMessage {

	}

	/**
	 * A message of a process, or a fragment of one.
	 *
	 * @param group the group
	 * @param sender the process
	 * @param multicast the message; all daemons share its bytes, its outcome concerns the
	 * sender's alone
	 * @param piece which part of the message this is
	 * @param offset where in the message the part begins
	 * @param length how many bytes the part has
	 */
	record Data(CpgGroupName group, CpgAddress sender, Multicast multicast, Piece piece, int offset,
			int length) implements OrderedMessage {

	}

	/**
	 * The processes of one node, which all nodes of a new ring exchange. A daemon queues
	 * it when the ring is formed, and fills it in when the ring orders it.
	 *
	 * @param nodeId the node
	 * @param processes the processes of each group
	 */
	record ProcessList(long nodeId, Map<CpgGroupName, List<CpgAddress>> processes) implements OrderedMessage {

	}

	/**
	 * What one node of a new ring contributes to its quorum, which all nodes exchange
	 * after the processes.
	 *
	 * @param nodeId the node
	 * @param votes its votes
	 * @param expectedVotes how many votes it expects of all nodes together
	 * @param quorate whether it was quorate before
	 * @param waiting whether it waits for all votes before it is quorate
	 */
	record NodeVotes(long nodeId, int votes, int expectedVotes, boolean quorate,
			boolean waiting) implements OrderedMessage {

	}

	/**
	 * Which part of a message goes in one piece.
	 */
	enum Piece {

		/** All of it. */
		WHOLE,
		/** The first fragment. */
		FIRST,
		/** A fragment between the first and the last. */
		MIDDLE,
		/** The last fragment. */
		LAST

	}

}
