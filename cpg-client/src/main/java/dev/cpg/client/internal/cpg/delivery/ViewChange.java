package dev.cpg.client.internal.cpg.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import org.jspecify.annotations.Nullable;

/**
 * The difference that a configuration change of the daemon makes to this member's view.
 * <p>
 * The daemon's list of members is right. Its lists of who left and joined need not be.
 * When a node goes or comes, corosync mixes up groups whose names differ only from a NUL
 * on, such as {@code "grp"} and {@code "grp\0"}, and sends the changes of both to one of
 * them. A member that another client took out of the group leaves once more when its
 * connection ends. So only members that the view had can have left, only members that it
 * has can have joined, and each difference is reported.
 */
final class ViewChange {

	private final List<CpgAddress> members;

	private final List<CpgMember> left = new ArrayList<>();

	private final List<CpgMember> joined = new ArrayList<>();

	private final Map<CpgAddress, CpgReason> gone = new HashMap<>();

	/**
	 * Compares a change with the view before it.
	 * @param before the members before it; none before this member's join
	 * @param nodes the nodes of the ring that the change belongs to
	 */
	ViewChange(List<CpgAddress> before, CpgEvents.ConfigurationChange change, RingNodes nodes) {
		this.members = change.members();
		Set<CpgAddress> known = new HashSet<>(before);
		Set<CpgAddress> stayed = new HashSet<>(this.members);
		Map<CpgAddress, CpgReason> reasons = reasons(change.joined());
		for (CpgAddress member : this.members) {
			// This member's join lists the joiner, and not the members that were there.
			if (reasons.containsKey(member) || (!known.isEmpty() && !known.contains(member))) {
				this.joined.add(new CpgMember(member, reasons.getOrDefault(member, CpgReason.UNDEFINED)));
				stayed.remove(member);
			}
		}
		reasons = reasons(change.left());
		for (CpgAddress member : before) {
			if (!stayed.contains(member)) {
				CpgReason reason = reasons.getOrDefault(member, guess(member, nodes));
				this.left.add(new CpgMember(member, reason));
				this.gone.put(member, reason);
			}
		}
	}

	private static Map<CpgAddress, CpgReason> reasons(List<CpgMember> members) {
		Map<CpgAddress, CpgReason> reasons = new HashMap<>();
		members.forEach((member) -> reasons.put(member.address(), member.reason()));
		return reasons;
	}

	/** Returns the reason of a leave for which the daemon gave none. */
	private static CpgReason guess(CpgAddress member, RingNodes nodes) {
		return nodes.lacks(member) ? CpgReason.NODEDOWN : CpgReason.UNDEFINED;
	}

	List<CpgAddress> members() {
		return this.members;
	}

	/** Returns the members that left, or were away in between. */
	List<CpgMember> left() {
		return this.left;
	}

	/** Returns the members that joined, or were away in between. */
	List<CpgMember> joined() {
		return this.joined;
	}

	boolean hasJoined(CpgAddress member) {
		return this.joined.stream().anyMatch((joiner) -> joiner.address().equals(member));
	}

	/** Returns whether a member of the view before has not left, not even in between. */
	boolean stayed(CpgAddress member) {
		return !this.gone.containsKey(member);
	}

	/** Returns why a member left, {@code null} if it did not leave. */
	@Nullable CpgReason reasonOfLeave(CpgAddress member) {
		return this.gone.get(member);
	}

	/** Returns whether the view has the same members as before. */
	boolean isEmpty() {
		return this.left.isEmpty() && this.joined.isEmpty();
	}

}
