package dev.cpg.faults.check;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * Whenever no fault is under way for ten seconds, somebody leads in each role by then.
 * The ten seconds begin when somebody who may lead is in the group: processes that were
 * started anew take their time to start.
 */
final class Heals implements Check {

	private static final long LIMIT = 10_000_000_000L;

	@Override
	public String name() {
		return "heals";
	}

	@Override
	public void check(Round round, Findings findings) {
		List<Fault> faults = round.faults().stream().sorted(Comparator.comparingLong(Fault::begin)).toList();
		Set<String> roles = new TreeSet<>();
		round.lives().forEach((life) -> life.entries(Kind.LEADER).forEach((entry) -> roles.add(entry.text("role"))));
		long healed = Long.MAX_VALUE;
		for (Fault fault : faults) {
			if (healed != Long.MAX_VALUE) {
				check(round, roles, healed, fault.begin(), findings);
			}
			healed = (healed == Long.MAX_VALUE) ? fault.over() : Math.max(healed, fault.over());
		}
	}

	private static void check(Round round, Set<String> roles, long healed, long next, Findings findings) {
		if (healed == Long.MAX_VALUE) {
			return;
		}
		long from = joined(round, healed);
		if (from == Long.MAX_VALUE || next < from + LIMIT) {
			return;
		}
		for (String role : roles) {
			boolean led = round.lives()
				.stream()
				.flatMap((life) -> life.entries(Kind.LEADS).stream())
				.anyMatch(
						(sample) -> sample.is("role", role) && sample.time() >= from && sample.time() <= from + LIMIT);
			findings.require(led, "nobody leads '%s' in the 10 s after the end of all faults at %d", role, from);
		}
	}

	/** Returns when the first member that takes part in elections is in the group. */
	private static long joined(Round round, long healed) {
		long first = Long.MAX_VALUE;
		for (Life life : round.lives()) {
			List<Entry> starts = life.entries(Kind.LEADER).isEmpty() ? List.of() : life.entries(Kind.START);
			Long killed = round.killed(life);
			for (int i = 0; i < starts.size(); i++) {
				Long end = life.stays().get(i).end();
				if ((end == null || end > healed) && (killed == null || killed > healed)) {
					first = Math.min(first, Math.max(healed, starts.get(i).time()));
				}
			}
		}
		return first;
	}

}
