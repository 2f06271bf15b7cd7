package dev.cpg.spring;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import org.jspecify.annotations.Nullable;

/**
 * A group as this service knew it at one moment. All properties belong together.
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
 * @param current whether no change had arrived that listeners still had to be notified
 * of, see {@link CpgGroup#isCurrent()}
 * @param names the names of the cluster and its nodes
 * @param changes what happened to the group last, the latest first, at most
 * {@value #MAX_CHANGES}; unmodifiable
 */
public record CpgGroupSnapshot(State state, @Nullable Throwable failure, @Nullable CpgAddress localAddress,
		List<Member> members, CpgView view, RingId nodesRing, List<Long> ringNodeIds, List<Member> suspects,
		boolean synchronizing, boolean current, CpgNames names, List<CpgGroupChange> changes) {

	/** The number of changes that are kept. */
	public static final int MAX_CHANGES = 50;

	/** The number of members on one node from which on {@link #crowd()} warns. */
	private static final int MANY_MEMBERS_OF_NODE = 100;

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
	 * Returns what was known of the quorum of the view's ring, see
	 * {@link CpgGroup#getQuorum()}.
	 */
	public CpgQuorumState quorum() {
		return this.view.quorum();
	}

	/**
	 * Returns a warning if the group has dangerously many members. On one node
	 * {@value #MANY_MEMBERS_OF_NODE} are many, since corosync on the other nodes survives
	 * the loss of at most {@value CpgView#MAX_MEMBERS_OF_NODE} at once. On the other
	 * nodes together more than that are too many, since corosync on this node loses them
	 * all at once when the node is cut off.
	 * @return a sentence without a full stop, or {@code null} if there is no danger
	 */
	public @Nullable String crowd() {
		CpgAddress local = this.localAddress;
		if (local == null || this.view.members().size() < MANY_MEMBERS_OF_NODE) {
			return null;
		}
		Map<Long, Integer> ofNodes = new TreeMap<>();
		this.view.members().forEach((member) -> ofNodes.merge(member.nodeId(), 1, Integer::sum));
		int others = this.view.members().size() - ofNodes.getOrDefault(local.nodeId(), 0);
		if (others > CpgView.MAX_MEMBERS_OF_NODE) {
			return ("%d members are on other nodes, and corosync on this node may not survive to lose more than %d at"
					+ " once, as when the node is cut off")
				.formatted(others, CpgView.MAX_MEMBERS_OF_NODE);
		}
		return ofNodes.entrySet()
			.stream()
			.filter((node) -> node.getValue() >= MANY_MEMBERS_OF_NODE)
			.findFirst()
			.map((node) -> "%d members are on node %s, and a node's %dth is refused".formatted(node.getValue(),
					nameOf(node.getKey()), CpgView.MAX_MEMBERS_OF_NODE + 1))
			.orElse(null);
	}

	private String nameOf(long nodeId) {
		return this.names.nodes().getOrDefault(nodeId, Long.toString(nodeId));
	}

	/**
	 * Returns whether the ring's nodes are known already. Corosync reports them after the
	 * members that came or went with them.
	 */
	public boolean knowsRingNodes() {
		return ring().equals(this.nodesRing);
	}

}
