package dev.cpg.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A group's membership as agreed at one point of the total order: on which ring, and who.
 * Beside that it has what this node knew of the ring's quorum then. That is not agreed,
 * and does not count when views are compared.
 *
 * @param ring the totem ring that agreed on it
 * @param members the members, sorted by node id and pid; unmodifiable
 * @param quorum what was known of the ring's quorum when the event arrived that this is
 * the view of; {@link CpgQuorumState#UNKNOWN} if the connector was not given a source of
 * that, or if the quorum of the ring was reported later
 */
public record CpgView(RingId ring, List<CpgAddress> members, CpgQuorumState quorum) {

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
	 * Creates a view on a ring whose quorum is not known.
	 * @param ring the totem ring that agreed on it
	 * @param members the members, sorted by node id and pid
	 */
	public CpgView(RingId ring, List<CpgAddress> members) {
		this(ring, members, CpgQuorumState.UNKNOWN);
	}

	/**
	 * Returns this view with what is known of the quorum.
	 * @param quorum what is known of the ring's quorum
	 */
	public CpgView withQuorum(CpgQuorumState quorum) {
		return (quorum != this.quorum) ? new CpgView(this.ring, this.members, quorum) : this;
	}

	/**
	 * Returns whether the ring was known to be quorate. If not it was not quorate, or
	 * that was not known, see {@link #quorum()}.
	 */
	public boolean isQuorate() {
		return this.quorum.isQuorate();
	}

	/**
	 * Returns how many of the members are on a node.
	 * @param nodeId the node's id
	 */
	public int membersOf(long nodeId) {
		return (int) this.members.stream().filter((member) -> member.nodeId() == nodeId).count();
	}

	/**
	 * Returns whether the other one is a view of the same members on the same ring.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof CpgView view && this.ring.equals(view.ring) && this.members.equals(view.members);
	}

	@Override
	public int hashCode() {
		return 31 * this.ring.hashCode() + this.members.hashCode();
	}

}
