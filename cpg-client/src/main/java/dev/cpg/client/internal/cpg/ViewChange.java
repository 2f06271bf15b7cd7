package dev.cpg.client.internal.cpg;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration change of the daemon's means for the view that this member has.
 * The daemon's list of members is right. Its lists of who left and joined need not be:
 * when a node goes or comes, corosync mixes up groups whose names differ only from a NUL
 * on, such as {@code "grp"} and {@code "grp\0"}, and sends the changes of both to one of
 * them; and a member that another client took out of the group leaves once more when its
 * connection ends. A view only loses members that it had and only gains those that it
 * has, and it does so with a change that says it.
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
			// This member's own join names who joins, not who is there already.
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

	/** The reason of a loss that the daemon gave none for. */
	private static CpgReason guess(CpgAddress member, RingNodes nodes) {
		return nodes.lacks(member) ? CpgReason.NODEDOWN : CpgReason.UNDEFINED;
	}

	List<CpgAddress> members() {
		return this.members;
	}

	/** Returns who was in the view and is not any more, or not without a break. */
	List<CpgMember> left() {
		return this.left;
	}

	/** Returns who is in the view and was not, or not without a break. */
	List<CpgMember> joined() {
		return this.joined;
	}

	boolean hasJoined(CpgAddress member) {
		return this.joined.stream().anyMatch((joiner) -> joiner.address().equals(member));
	}

	/** Returns whether a member that was in the view is in it without a break. */
	boolean stayed(CpgAddress member) {
		return !this.gone.containsKey(member);
	}

	/** Returns why a member left, {@code null} if it did not. */
	@Nullable CpgReason reasonOfLeave(CpgAddress member) {
		return this.gone.get(member);
	}

	/** Returns whether the view stays as it was. */
	boolean isEmpty() {
		return this.left.isEmpty() && this.joined.isEmpty();
	}

}
