package dev.cpg.faults.check;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.cpg.faults.history.Kind;

/**
 * Whenever no fault is under way for ten seconds, somebody leads in each role by then.
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
		if (healed == Long.MAX_VALUE || next < healed + LIMIT) {
			return;
		}
		for (String role : roles) {
			boolean led = round.lives()
				.stream()
				.flatMap((life) -> life.entries(Kind.LEADS).stream())
				.anyMatch((sample) -> sample.is("role", role) && sample.time() >= healed
						&& sample.time() <= healed + LIMIT);
			findings.require(led, "nobody leads '%s' in the 10 s after the end of all faults at %d", role, healed);
		}
	}

}
