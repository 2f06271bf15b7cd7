package dev.cpg.behaviour;

import java.util.Map;

/**
 * How the nodes of a cluster vote.
 *
 * @param nodes how many nodes there are
 * @param provider whether there is a quorum provider
 * @param votes the votes of nodes that have another number than one
 * @param twoNode whether the setting {@code two_node} is on
 * @param waitForAll whether the setting {@code wait_for_all} is on
 */
record Voting(int nodes, boolean provider, Map<Integer, Integer> votes, boolean twoNode, boolean waitForAll) {

	static Voting ofNodes(int nodes) {
		return new Voting(nodes, true, Map.of(), false, false);
	}

	Voting withVotes(int node, int votes) {
		return new Voting(this.nodes, this.provider, Map.of(node, votes), this.twoNode, this.waitForAll);
	}

	/** Has {@code two_node}, which includes {@code wait_for_all}. */
	Voting withTwoNode() {
		return new Voting(this.nodes, this.provider, this.votes, true, true);
	}

	Voting withWaitForAll() {
		return new Voting(this.nodes, this.provider, this.votes, this.twoNode, true);
	}

	Voting withoutProvider() {
		return new Voting(this.nodes, false, this.votes, this.twoNode, this.waitForAll);
	}

}
