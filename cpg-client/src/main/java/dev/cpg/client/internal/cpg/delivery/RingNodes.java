package dev.cpg.client.internal.cpg.delivery;

import java.util.List;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;

/**
 * The nodes of the ring, and what they say about members.
 *
 * @param all the ids of all nodes, none before the first ring is known
 * @param added those that the ring before did not have, or whose members are not known
 */
record RingNodes(List<Long> all, List<Long> added) {

	static final RingNodes UNKNOWN = new RingNodes(List.of(), List.of());

	/**
	 * Returns the nodes of the ring that follows this one.
	 * @param inDoubt whether it is not known yet who is on those that this one has added
	 */
	RingNodes next(List<Long> nodes, boolean inDoubt) {
		List<Long> added = this.all.isEmpty() ? List.of()
				: nodes.stream()
					.filter((node) -> !this.all.contains(node) || (inDoubt && this.added.contains(node)))
					.toList();
		return new RingNodes(nodes, added);
	}

	/** Returns whether the ring is known and does not have the node of a member. */
	boolean lacks(CpgAddress member) {
		return !this.all.isEmpty() && !this.all.contains(member.nodeId());
	}

	/**
	 * Returns whether corosync may have changed the members without a change that says
	 * so: some are on nodes that the ring does not have, or nodes have come.
	 */
	boolean isDoubtful(List<CpgAddress> members) {
		return !this.added.isEmpty() || members.stream().anyMatch(this::lacks);
	}

	/**
	 * Returns the change that corosync did not send. Only members on the nodes in doubt
	 * are compared: the changes of others come.
	 * @param members the members of the view
	 * @param counted the members that the daemon counts
	 */
	CpgEvents.ConfigurationChange missingChange(List<CpgAddress> members, List<CpgAddress> counted) {
		Stream<CpgAddress> stayed = members.stream().filter((member) -> !lacks(member) || counted.contains(member));
		List<CpgMember> joined = counted.stream()
			.filter((member) -> this.added.contains(member.nodeId()) && !members.contains(member))
			.map((member) -> new CpgMember(member, CpgReason.NODEUP))
			.toList();
		List<CpgAddress> after = Stream.concat(stayed, joined.stream().map(CpgMember::address)).sorted().toList();
		return new CpgEvents.ConfigurationChange(after, List.of(), joined);
	}

}
