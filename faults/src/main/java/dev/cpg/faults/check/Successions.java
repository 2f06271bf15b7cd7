package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * Members that elect together, on one ring from one view on, see the same leaders: who
 * has a later one has each that was elected there before.
 */
final class Successions implements Check {

	@Override
	public String name() {
		return "successions";
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // all but itself
	public void check(Round round, Findings findings) {
		Map<String, List<Succession>> shared = new HashMap<>();
		for (Life life : round.lives()) {
			for (Succession succession : successions(round, life)) {
				shared.computeIfAbsent(succession.key, (key) -> new ArrayList<>()).add(succession);
			}
		}
		Map<String, Integer> elections = new HashMap<>();
		shared.values()
			.forEach((successions) -> successions.stream()
				.flatMap((succession) -> succession.tokens.stream().map(succession::election))
				.distinct()
				.forEach((election) -> elections.merge(election, 1, Integer::sum)));
		shared.values().forEach((successions) -> {
			for (Succession one : successions) {
				for (Succession other : successions) {
					if (one != other) {
						check(one, other, elections, findings);
					}
				}
			}
		});
	}

	/**
	 * A leader that is seen in one election only was elected in it. Others were known to
	 * some before, who are not notified again.
	 */
	private static void check(Succession one, Succession other, Map<String, Integer> elections, Findings findings) {
		for (Long token : one.tokens) {
			boolean begun = Integer.valueOf(1).equals(elections.get(one.election(token)))
					|| token > other.tokens.first();
			if (begun && token < other.tokens.last()) {
				findings.require(other.tokens.contains(token), "%s has the leader of token %d in %s, which %s has not",
						one.life, token, one.key, other.life);
			}
		}
	}

	/** An election begins with each ring and each join. */
	private static List<Succession> successions(Round round, Life life) {
		List<Succession> successions = new ArrayList<>();
		Map<String, Succession> present = new HashMap<>();
		Map<Entry, View> views = new HashMap<>();
		life.stays().forEach((stay) -> stay.views().forEach((view) -> views.put(view.begin(), view)));
		String key = null;
		for (Entry entry : life.entries()) {
			View view = views.get(entry);
			if (view != null && (view.isOfRing() || !entry.list("joined").isEmpty() || entry.kind() == Kind.TOTEM)) {
				key = round.views().containsKey(view.key()) ? view.key() : null;
				present.clear();
			}
			else if (entry.kind() == Kind.DISCONNECTED) {
				key = null;
			}
			else if (key != null && entry.kind() == Kind.LEADER && !entry.is("leader", "none")) {
				String role = entry.text("role");
				String shared = "'%s' since %s".formatted(role, key);
				present.computeIfAbsent(shared, (text) -> {
					Succession succession = new Succession(text, role, life, new TreeSet<>());
					successions.add(succession);
					return succession;
				}).tokens.add(entry.number("token"));
			}
		}
		return successions;
	}

	/**
	 * The leaders of a role that one member has seen in one election.
	 *
	 * @param key what is the same for all that take part
	 * @param role the role
	 * @param life the member
	 * @param tokens the leaders' tokens
	 */
	private record Succession(String key, String role, Life life, TreeSet<Long> tokens) {

		private String election(Long token) {
			return this.role + " " + token;
		}

	}

}
