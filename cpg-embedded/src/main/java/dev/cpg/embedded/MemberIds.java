package dev.cpg.embedded;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which member ids connections take: the one that is set, or one that is free.
 */
final class MemberIds {

	private final long first;

	private final boolean set;

	private final long step;

	/** Returns one id, which no other one takes the place of. */
	static MemberIds of(long memberId) {
		return new MemberIds(memberId, 0, 0);
	}

	/**
	 * Creates it.
	 * @param set the id that is set, {@code null} if none is
	 * @param first the one to try first if none is set
	 * @param step by how much the next one is larger
	 */
	MemberIds(@Nullable Long set, long first, long step) {
		this.set = set != null;
		this.first = (set != null) ? set : first;
		this.step = step;
	}

	long first() {
		return this.first;
	}

	/** Returns whether another id may be tried. */
	boolean mayDiffer() {
		return !this.set;
	}

	CpgAddress next(CpgAddress taken) {
		return new CpgAddress(taken.nodeId(), taken.pid() + this.step);
	}

}
