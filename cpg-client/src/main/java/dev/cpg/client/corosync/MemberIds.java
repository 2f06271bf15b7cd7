package dev.cpg.client.corosync;

import java.util.List;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which member ids connections take: the one that is set, or the process id and, where
 * the node has a member under that already, numbers derived from it. Those are no process
 * ids, as Linux has none from 2^22 on ({@code /proc/sys/kernel/pid_max}), and processes
 * with different ids derive different ones.
 */
final class MemberIds {

	private static final long STEP = 1L << 22;

	private final @Nullable Long set;

	/**
	 * Creates it.
	 * @param set the id that is set, {@code null} if none is
	 */
	MemberIds(@Nullable Long set) {
		this.set = set;
	}

	/** Returns the id to try first. */
	long first() {
		return (this.set != null) ? this.set : ProcessHandle.current().pid();
	}

	/** Returns whether another id may be tried. */
	boolean mayDiffer() {
		return this.set == null;
	}

	/**
	 * Returns the id to try after one that is taken: it need not be a member's, as
	 * corosync keeps the id of one that has left until its connection is closed.
	 */
	long next(CpgAddress taken, List<CpgAddress> members) {
		CpgAddress next = taken;
		do {
			next = new CpgAddress(next.nodeId(), next.pid() + STEP);
		}
		while (members.contains(next));
		return next.pid();
	}

}
