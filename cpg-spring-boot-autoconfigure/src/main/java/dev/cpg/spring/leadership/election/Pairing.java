package dev.cpg.spring.leadership.election;

import java.util.List;

import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.RingId;

/**
 * Whether this member's ring is quorate. Ring and quorum come over different connections,
 * in no promised order.
 */
final class Pairing {

	private final Rules rules;

	private final boolean quorumRequired;

	private RingId ring = RingId.NONE;

	private List<Long> nodeIds = List.of();

	private CpgQuorum quorum = CpgQuorum.NONE;

	Pairing(Rules rules, boolean quorumRequired) {
		this.rules = rules;
		this.quorumRequired = quorumRequired;
	}

	RingId ring() {
		return this.ring;
	}

	void totem(CpgTotemConfiguration configuration) {
		this.ring = configuration.ring();
		this.nodeIds = configuration.nodeIds();
	}

	void quorum(CpgQuorum now) {
		this.quorum = now;
	}

	void disconnected() {
		this.ring = RingId.NONE;
		this.nodeIds = List.of();
	}

	/** Returns whether the ring is known to be quorate. */
	boolean isPaired() {
		return !this.ring.equals(RingId.NONE)
				&& (!this.quorumRequired || (isKnown() && this.rules.isQuorate(this.quorum)));
	}

	/** Returns whether the ring is known not to be quorate. */
	boolean isInquorate() {
		return this.quorumRequired && isKnown() && !this.rules.isQuorate(this.quorum);
	}

	/** Returns whether it may turn out that the ring is quorate. */
	boolean isUndecided() {
		return this.quorum.stateOf(this.ring, this.nodeIds) == CpgQuorumState.UNKNOWN;
	}

	private boolean isKnown() {
		return this.rules.isQuorumOf(this.quorum, this.ring, this.nodeIds);
	}

}
