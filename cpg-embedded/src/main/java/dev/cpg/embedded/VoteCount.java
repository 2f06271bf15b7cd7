package dev.cpg.embedded;

import java.util.Collection;

import dev.cpg.embedded.OrderedMessage.NodeVotes;

/**
 * A daemon's count of the votes in its ring, as {@code votequorum} counts: how many there
 * should be, how many it takes, and whether they are there. It outlives rings, and ends
 * with the daemon.
 */
final class VoteCount {

	private final long nodeId;

	private final QuorumSettings settings;

	private int expectedVotes;

	/** How many votes it takes. */
	private int quorum;

	private boolean quorate;

	/** Whether it takes all votes to become quorate. */
	private boolean waiting;

	/**
	 * Begins to count for a daemon that has started.
	 */
	VoteCount(long nodeId, QuorumSettings settings) {
		this.nodeId = nodeId;
		this.settings = settings;
		this.expectedVotes = settings.expectedVotes();
		this.waiting = settings.waitForAll();
	}

	boolean isQuorate() {
		return this.quorate;
	}

	/** Returns what the other nodes of a ring have to know of this one. */
	NodeVotes ofThisNode() {
		return new NodeVotes(this.nodeId, this.settings.votesOf(this.nodeId), this.expectedVotes, this.quorate,
				this.waiting);
	}

	/** Counts the votes of a ring. */
	void count(Collection<NodeVotes> ring) {
		boolean decrease = false;
		for (NodeVotes node : ring) {
			if (node.quorate() && !this.quorate) {
				// Those who were quorate know better.
				this.expectedVotes = node.expectedVotes();
				this.waiting &= node.waiting();
				decrease = true;
			}
		}
		int total = ring.stream().mapToInt(NodeVotes::votes).sum();
		this.expectedVotes = Math.max(this.expectedVotes, total);
		int needed = majorityOf(Math.max(total, highestExpectation(ring)));
		this.quorum = decrease ? needed : Math.max(this.quorum, needed);
		if (this.settings.twoNode() && ring.size() <= 2) {
			this.quorum = 1;
		}
		if (!this.waiting || total == this.expectedVotes) {
			this.quorate = total >= this.quorum;
			this.waiting = this.settings.waitForAll() && !this.quorate;
		}
	}

	private int highestExpectation(Collection<NodeVotes> ring) {
		return ring.stream()
			.mapToInt((node) -> node.quorate() ? node.expectedVotes() : this.expectedVotes)
			.max()
			.orElse(this.expectedVotes);
	}

	private static int majorityOf(int votes) {
		return votes / 2 + 1;
	}

}
