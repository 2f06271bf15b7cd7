package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.MemberHistory.Changed;
import dev.cpg.embedded.MemberHistory.Delivered;
import dev.cpg.embedded.MemberHistory.Event;
import dev.cpg.embedded.MemberHistory.Membership;
import dev.cpg.embedded.MemberHistory.RingChanged;
import dev.cpg.embedded.Scenario.Member;
import dev.cpg.embedded.Scenario.Sent;

/**
 * Counts what has happened in scenarios, so that a test shows that random faults lead to
 * the rare cases, too.
 */
final class Occurrences {

	static final String LOST = "a message is lost";

	static final String UNKNOWN = "an outcome is unknown";

	static final String DELIVERED = "a message is delivered to all of its view";

	static final String AT_HOME_ONLY = "a message is delivered at home only";

	static final String JOINED_BETWEEN_FRAGMENTS = "a member joins between the fragments of a message";

	static final String SAME_SEQUENCE = "two rings have one sequence";

	static final String NOT_TAKEN_WHOLE = "a connection ends between the fragments of its message";

	static final String[] NAMES = { LOST, UNKNOWN, DELIVERED, AT_HOME_ONLY, JOINED_BETWEEN_FRAGMENTS, SAME_SEQUENCE,
			NOT_TAKEN_WHOLE, "JOIN", "LEAVE", "PROCDOWN", "NODEDOWN", "NODEUP" };

	private final Map<String, Integer> counts = new TreeMap<>();

	Map<String, Integer> counts() {
		return this.counts;
	}

	private void count(String name) {
		this.counts.merge(name, 1, Integer::sum);
	}

	void count(Scenario scenario) {
		Map<Integer, Set<CpgAddress>> receivers = new HashMap<>();
		Map<Long, Long> rings = new HashMap<>();
		for (Member member : scenario.members()) {
			for (Membership membership : member.history().memberships()) {
				for (Event event : membership.events()) {
					if (event instanceof Changed changed) {
						countReasons(changed);
					}
					else if (event instanceof Delivered delivered) {
						receivers.computeIfAbsent(delivered.id(), (id) -> new HashSet<>()).add(membership.self());
					}
					else if (event instanceof RingChanged changed) {
						long node = changed.configuration().ring().nodeId();
						Long other = rings.putIfAbsent(changed.configuration().ring().sequence(), node);
						if (other != null && other != node) {
							count(SAME_SEQUENCE);
						}
					}
				}
			}
		}
		scenario.sent().forEach((message) -> countOutcome(message, receivers.getOrDefault(message.id(), Set.of())));
	}

	private void countReasons(Changed changed) {
		List<CpgMember> members = new ArrayList<>(changed.change().left());
		members.addAll(changed.change().joined());
		members.stream().map(CpgMember::reason).map(CpgReason::name).forEach(this::count);
	}

	private void countOutcome(Sent message, Set<CpgAddress> receivers) {
		if (message.large() && !message.multicast().isTaken()) {
			count(NOT_TAKEN_WHOLE);
		}
		CpgView view = message.delivered();
		if (view == null) {
			count((message.outcome() == Outcome.LOST) ? LOST : UNKNOWN);
			return;
		}
		if (receivers.containsAll(view.members())) {
			count(DELIVERED);
		}
		if (view.members().size() > 1 && receivers.size() == 1) {
			count(AT_HOME_ONLY);
		}
		if (message.large() && isWithoutJoiner(message, view)) {
			count(JOINED_BETWEEN_FRAGMENTS);
		}
	}

	private static boolean isWithoutJoiner(Sent message, CpgView outcome) {
		return message.sender()
			.history()
			.memberships()
			.stream()
			.flatMap((membership) -> membership.events().stream())
			.anyMatch((event) -> event instanceof Delivered delivered && delivered.id() == message.id()
					&& delivered.view().members().size() > outcome.members().size());
	}

}
