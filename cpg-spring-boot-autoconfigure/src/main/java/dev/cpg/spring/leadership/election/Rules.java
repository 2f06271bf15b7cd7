package dev.cpg.spring.leadership.election;

import java.util.List;

import dev.cpg.client.CpgQuorum;
import dev.cpg.client.RingId;

/**
 * The rules that safety rests on, each in one place. Tests break them one by one, to show
 * that the checker finds it.
 */
class Rules {

	/** What is said in another exchange does not count. */
	boolean isOf(long tag, long present) {
		return tag == present;
	}

	/**
	 * A ring is known when its totem event is there, which follows the members' changes.
	 */
	boolean isKnown(RingId ofMembers, RingId ofTotem) {
		return ofMembers.equals(ofTotem);
	}

	/** The quorum is that of the ring if ring and nodes are the same. */
	boolean isQuorumOf(CpgQuorum quorum, RingId ring, List<Long> nodeIds) {
		return quorum.ring().equals(ring) && quorum.nodeIds().equals(nodeIds);
	}

	/** Without a provider nobody counts votes, and no ring is quorate. */
	boolean isQuorate(CpgQuorum quorum) {
		return quorum.provided() && quorum.quorate();
	}

	/**
	 * A leadership is granted by a renewal: a claim may have reached its sender alone.
	 */
	boolean isGrantedByClaim() {
		return false;
	}

	/**
	 * Who is elected and has no lease when the ring changes is so no more: in a ring that
	 * it was not in, others may have led with larger tokens that nobody remembers.
	 */
	boolean isElectedInRing() {
		return true;
	}

	/**
	 * A lease begins when the renewal was sent that came back before the last one: from
	 * then on the token has been with all nodes.
	 */
	long beginOfLease(long sentBefore, long delivered) {
		return sentBefore;
	}

	/** A leadership whose lease has ended is over, and is not stated as present. */
	boolean endsWithLease() {
		return true;
	}

	/** A lease that has ended is not renewed. */
	boolean isRevived() {
		return false;
	}

	/** Nobody is suspected before its lease has ended. */
	long patience(long livenessTimeout, long lease) {
		return Math.max(livenessTimeout, lease + lease / 4);
	}

	/** Others are notified that a leadership is over when it is over here. */
	boolean isRevokedBeforeYield() {
		return true;
	}

}
