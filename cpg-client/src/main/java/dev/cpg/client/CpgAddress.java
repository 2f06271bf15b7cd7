package dev.cpg.client;

/**
 * Names a member of a group: the node it runs on and the process id it joined with.
 * Corosync sorts the members of a configuration by node id, then by pid, and so does
 * this.
 *
 * @param nodeId the node's id, an unsigned 32-bit number
 * @param pid the process id that the member joined with, an unsigned 32-bit number
 */
public record CpgAddress(long nodeId, long pid) implements Comparable<CpgAddress> {

	/** The least number that a connection joins with as its pid: 0 is no process's. */
	public static final long MIN_MEMBER_ID = 1;

	/** The largest number that a connection joins with as its pid. */
	public static final long MAX_MEMBER_ID = 0xFFFF_FFFFL;

	private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;

	public CpgAddress {
		if (nodeId < 0 || nodeId > MAX_UNSIGNED_INT || pid < 0 || pid > MAX_UNSIGNED_INT) {
			throw new IllegalArgumentException(
					"Node id and pid are unsigned 32-bit numbers, but were %d and %d".formatted(nodeId, pid));
		}
	}

	/**
	 * Returns whether a connection can join with a number as its pid: from
	 * {@link #MIN_MEMBER_ID} to {@link #MAX_MEMBER_ID}.
	 * @param memberId the number
	 */
	public static boolean isMemberId(long memberId) {
		return memberId >= MIN_MEMBER_ID && memberId <= MAX_MEMBER_ID;
	}

	@Override
	public int compareTo(CpgAddress other) {
		int byNode = Long.compare(this.nodeId, other.nodeId);
		return (byNode != 0) ? byNode : Long.compare(this.pid, other.pid);
	}

	/**
	 * Node id and pid with a slash between, as {@code corosync-cpgtool} users read them.
	 */
	@Override
	public String toString() {
		return this.nodeId + "/" + this.pid;
	}

}
