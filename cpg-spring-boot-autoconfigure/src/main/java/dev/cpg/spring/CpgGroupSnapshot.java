package dev.cpg.spring;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import org.jspecify.annotations.Nullable;

/**
 * A group as this service knew it at one moment: all that is in here fits together.
 *
 * @param state whether this service was a member
 * @param failure why it was not: the last failure to connect or join, or what ended the
 * connection; {@code null} if there was none or this service was a member
 * @param localAddress the address under which this service was a member, {@code null} if
 * there was no connection
 * @param members the members, sorted by node id and pid; empty if this service was not a
 * member; unmodifiable
 * @param view the members and the ring that they agreed on, {@link CpgView#NONE} if this
 * service was not a member
 * @param nodesRing the ring that {@code ringNodeIds} are the nodes of: the one of the
 * view, or for a moment the one before, see {@link CpgGroup#getRingNodeIds()}
 * @param ringNodeIds the ids of the ring's nodes, unsigned 32-bit numbers; empty if this
 * service was not a member; unmodifiable
 * @param suspects the members on nodes that the ring did not have; unmodifiable
 * @param synchronizing whether the daemon took no messages
 * @param names the names of the cluster and its nodes
 * @param changes what happened to the group last, the latest first, at most
 * {@value #MAX_CHANGES}; unmodifiable
 */
public record CpgGroupSnapshot(State state, @Nullable Throwable failure, @Nullable CpgAddress localAddress,
		List<Member> members, CpgView view, RingId nodesRing, List<Long> ringNodeIds, List<Member> suspects,
		boolean synchronizing, CpgNames names, List<CpgGroupChange> changes) {

	/** How many changes are kept. */
	public static final int MAX_CHANGES = 50;

	public CpgGroupSnapshot {
		members = List.copyOf(members);
		ringNodeIds = List.copyOf(ringNodeIds);
		suspects = List.copyOf(suspects);
		changes = List.copyOf(changes);
	}

	/**
	 * Returns the ring, {@link RingId#NONE} if this service was not a member.
	 */
	public RingId ring() {
		return this.view.ring();
	}

	/**
	 * Returns whether the ring's nodes are known already. Corosync notifies of them after
	 * the members that came or went with them.
	 */
	public boolean knowsRingNodes() {
		return ring().equals(this.nodesRing);
	}

}
