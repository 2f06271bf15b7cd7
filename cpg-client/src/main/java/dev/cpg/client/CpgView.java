package dev.cpg.client;

import java.util.List;

/**
 * A group's membership as agreed at one point of the total order: on which ring, and who.
 *
 * @param ring the totem ring that agreed on it
 * @param members the members, sorted by node id and pid; unmodifiable
 */
public record CpgView(RingId ring, List<CpgAddress> members) {

	/**
	 * The view of a connection that has not joined: no ring, no members.
	 */
	public static final CpgView NONE = new CpgView(RingId.NONE, List.of());

	/**
	 * How many members of one group a node may have. When a node with more leaves the
	 * ring, corosync (3.1.7 and later) on all other nodes writes behind its list of those
	 * who left, and hangs or dies.
	 */
	public static final int MAX_MEMBERS_OF_NODE = 128;

	public CpgView {
		members = List.copyOf(members);
	}

	/**
	 * Returns how many of the members are on a node.
	 * @param nodeId the node's id
	 */
	public int membersOf(long nodeId) {
		return (int) this.members.stream().filter((member) -> member.nodeId() == nodeId).count();
	}

}
