package dev.cpg.client;

/**
 * Names a member of a group: the node it runs on and the process id it joined with.
 * Corosync sorts the members of a configuration by node id, then by pid, and so does
 * this.
 *
 * @param nodeId the node's id, an unsigned 32-bit number
 * @param pid the member's process id as it told it, an unsigned 32-bit number
 */
public record CpgAddress(long nodeId, long pid) implements Comparable<CpgAddress> {

	private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;

	public CpgAddress {
		if (nodeId < 0 || nodeId > MAX_UNSIGNED_INT || pid < 0 || pid > MAX_UNSIGNED_INT) {
			throw new IllegalArgumentException(
					"Node id and pid are unsigned 32-bit numbers, but were %d and %d".formatted(nodeId, pid));
		}
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
