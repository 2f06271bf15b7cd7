package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Each member's views make sense: a view follows from the one before, and has the member
 * itself and all who send in it; all who have been on a ring agree on its nodes.
 */
final class Views implements Check {

	@Override
	public String name() {
		return "views";
	}

	@Override
	public void check(Round round, Findings findings) {
		Map<String, String> rings = new HashMap<>();
		boolean wiped = round.injected(Kind.FAULT).stream().anyMatch((fault) -> fault.text("kind").startsWith("wipe"));
		for (Life life : round.senders()) {
			for (Stay stay : life.stays()) {
				View before = null;
				for (View view : stay.views()) {
					checkChange(stay, view, before, findings);
					before = view;
				}
			}
			if (!wiped) {
				life.entries(Kind.TOTEM).forEach((totem) -> checkRing(life, totem, rings, findings));
			}
			checkSenders(life, findings);
		}
	}

	private static void checkChange(Stay stay, View view, @Nullable View before, Findings findings) {
		boolean leaves = addresses(view.begin().list("left")).contains(stay.self());
		findings.require(leaves || view.members().contains(stay.self()), "%s has the view of %s without itself", stay,
				view.key());
		if (view.begin().kind() == Kind.TOTEM) {
			return;
		}
		Set<String> expected = new TreeSet<>((before != null) ? before.members() : List.of());
		List<String> joined = addresses(view.begin().list("joined"));
		if (before != null) {
			expected.removeAll(addresses(view.begin().list("left")));
			expected.addAll(joined);
			findings.require(expected.equals(new TreeSet<>(view.members())), "%s has the members %s after %s", stay,
					view.members(), before.members());
		}
		else {
			findings.require(joined.contains(stay.self()), "%s begins with %s, which is not its join", stay,
					view.begin());
		}
	}

	private static List<String> addresses(List<String> changes) {
		return changes.stream().map((change) -> change.substring(0, (change + "/").indexOf('/'))).toList();
	}

	private static void checkRing(Life life, Entry totem, Map<String, String> rings, Findings findings) {
		String nodes = totem.text("nodes");
		String known = rings.putIfAbsent(totem.text("ring"), nodes);
		findings.require(known == null || known.equals(nodes), "%s has the ring %s of %s, others of %s", life,
				totem.text("ring"), nodes, known);
	}

	private static void checkSenders(Life life, Findings findings) {
		List<String> members = List.of();
		for (Entry entry : life.entries()) {
			if (entry.kind() == Kind.CONF) {
				members = entry.list("members");
			}
			else if (entry.kind() == Kind.DISCONNECTED || entry.kind() == Kind.START) {
				members = List.of();
			}
			else if (entry.kind() == Kind.DELIVER) {
				findings.require(members.contains(entry.text("from")), "%s has %s from %s in the view %s", life,
						entry.text("id"), entry.text("from"), members);
			}
		}
	}

}
