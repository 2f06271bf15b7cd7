package dev.cpg.embedded;

import dev.cpg.client.CpgAddress;

/**
 * Which member ids connections take: one that is set, or one that is free.
 *
 * @param first the one to try first
 * @param step by how much the next one is larger, 0 if there is no other
 */
record MemberIds(long first, long step) {

	/** Returns one id, which no other one takes the place of. */
	static MemberIds of(long memberId) {
		return new MemberIds(memberId, 0);
	}

	/** Returns whether another id may be tried. */
	boolean mayDiffer() {
		return this.step > 0;
	}

	CpgAddress next(CpgAddress taken) {
		return new CpgAddress(taken.nodeId(), taken.pid() + this.step);
	}

}
