package dev.cpg.embedded;

import java.util.Map;

/**
 * How the nodes of a cluster vote; see {@code votequorum(5)}.
 *
 * @param provided whether there is a quorum provider, which counts votes
 * @param votes the votes of nodes that have another number than one
 * @param expectedVotes how many votes there are when all nodes are in one ring
 * @param twoNode whether each of two nodes alone is quorate
 * @param waitForAll whether nodes that are not quorate need all votes to become it
 */
record QuorumSettings(boolean provided, Map<Long, Integer> votes, int expectedVotes, boolean twoNode,
		boolean waitForAll) {

	QuorumSettings {
		votes = Map.copyOf(votes);
	}

	int votesOf(long nodeId) {
		return this.votes.getOrDefault(nodeId, 1);
	}

}
