package dev.cpg.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What goes wrong in a round, and how often compared with the others.
 */
enum FaultKind {

	/** SIGKILL of a member's process, which starts again. */
	KILL_MEMBER(12),

	/** SIGSTOP of a member's process, and SIGCONT. */
	PAUSE_MEMBER(14),

	/** A member leaves in order, and another process takes its place. */
	LEAVE_AND_JOIN(6),

	/** A member leaves and joins again in the same process, under the same id. */
	REJOIN(6),

	/** A leader gives its role up. */
	YIELD(5),

	/** A listener is busy with one event for seconds. */
	SLOW_LISTENER(5),

	/**
	 * A member sends more than the cluster takes, sometimes with a listener that is slow.
	 */
	OVERLOAD(3),

	/** The time of day of most nodes is wrong by an hour. */
	CLOCK_SHIFT(4),

	/** SIGKILL of a daemon, which starts again. */
	KILL_DAEMON(4),

	/** SIGSTOP of a daemon, and SIGCONT. */
	PAUSE_DAEMON(5),

	/** SIGTERM of a daemon, which starts again. */
	STOP_DAEMON(3),

	/** SIGKILL of a daemon and its members, which start again. */
	KILL_NODE(3),

	/** SIGSTOP of a daemon and its members, and SIGCONT. */
	PAUSE_NODE(3),

	/** A daemon ends and forgets its ring's number, before it starts again. */
	WIPE_ONE(2),

	/** All daemons end and forget their rings' numbers, before they start again. */
	WIPE_ALL(1),

	/** The network falls apart into two sides. */
	CUT(6),

	/** What a node sends does not reach another one. */
	CUT_ONE_WAY(3),

	/** A node's link goes down and up, in times around those of totem. */
	CUT_FLAPPING(3),

	/** All members are replaced one after the other, while the daemons run. */
	REDEPLOY(1),

	/** All members and all daemons end at once, and start again. */
	RESTART_ALL(1);

	private final int weight;

	FaultKind(int weight) {
		this.weight = weight;
	}

	int weight() {
		return this.weight;
	}

	/** Whether all members or all daemons are concerned, so once in a round is enough. */
	boolean isGlobal() {
		return this == WIPE_ALL || this == REDEPLOY || this == RESTART_ALL;
	}

	static List<FaultKind> all() {
		return Arrays.asList(values());
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
