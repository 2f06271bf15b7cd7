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

	private static final long DEPARTED = 10_000_000_000L;

	@Override
	public String name() {
		return "views";
	}

	@Override
	public void check(Round round, Findings findings) {
		Map<String, Entry> rings = new HashMap<>();
		for (Life life : round.senders()) {
			for (Stay stay : life.stays()) {
				View before = null;
				for (View view : stay.views()) {
					checkChange(stay, view, before, findings);
					before = view;
				}
			}
			life.entries(Kind.TOTEM).forEach((totem) -> checkRing(round, life, totem, rings, findings));
			// Who left the group meanwhile knows no nodes any more.
			life.entries(Kind.QUORUM)
				.stream()
				.filter((quorum) -> quorum.is("quorate", "true") && !quorum.text("nodes").isEmpty())
				.forEach((quorum) -> findings.require(round.isMajority(quorum.list("nodes")),
						"%s has a quorum of the nodes %s", life, quorum.text("nodes")));
			checkSenders(round, life, findings);
		}
	}

	private static void checkChange(Stay stay, View view, @Nullable View before, Findings findings) {
		boolean leaves = addresses(view.begin().list("left")).contains(stay.self());
		findings.require(leaves || view.members().contains(stay.self()), "%s has the view of %s without itself", stay,
				view);
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

	/** Ring ids come again when the files are lost that have them. */
	private static void checkRing(Round round, Life life, Entry totem, Map<String, Entry> rings, Findings findings) {
		Entry known = rings.put(totem.text("ring"), totem);
		boolean same = known == null || known.is("nodes", totem.text("nodes"));
		findings.require(same || isWipedBetween(round, known.time(), totem.time()),
				"%s has the ring %s of %s, others of %s", life, totem.text("ring"), totem.text("nodes"), known);
	}

	private static boolean isWipedBetween(Round round, long one, long other) {
		return round.faults()
			.stream()
			.anyMatch((fault) -> fault.kind().startsWith("wipe")
					&& fault.isOpen(Math.min(one, other), Math.max(one, other)));
	}

	private static void checkSenders(Round round, Life life, Findings findings) {
		List<String> members = List.of();
		for (Entry entry : life.entries()) {
			if (entry.kind() == Kind.CONF) {
				members = entry.list("members");
			}
			else if (entry.kind() == Kind.DISCONNECTED || entry.kind() == Kind.START) {
				members = List.of();
			}
			else if (entry.kind() == Kind.DELIVER && !members.contains(entry.text("from"))
					&& isDeparted(round, entry)) {
				findings.excused("departed");
			}
			else if (entry.kind() == Kind.DELIVER) {
				findings.require(members.contains(entry.text("from")), "%s has %s from %s in the view %s", life,
						entry.text("id"), entry.text("from"), members);
			}
		}
	}

	/**
	 * Corosync orders what a process has left in its ring after its departure, when the
	 * daemon was busy. Who leaves in order has nothing left.
	 */
	private static boolean isDeparted(Round round, Entry delivery) {
		Life sender = round.sender(delivery.text("id"));
		if (sender == null) {
			return false;
		}
		Long killed = round.killed(sender);
		return (killed != null && isJustBefore(killed, delivery)) || sender.entries(Kind.DISCONNECTED)
			.stream()
			.filter((disconnected) -> !disconnected.is("cause", "null") && !disconnected.is("cause", "left"))
			.anyMatch((disconnected) -> isJustBefore(disconnected.time(), delivery));
	}

	private static boolean isJustBefore(long departure, Entry delivery) {
		return departure <= delivery.time() && delivery.time() - departure <= DEPARTED;
	}

}
