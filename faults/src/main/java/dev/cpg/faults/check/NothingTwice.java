package dev.cpg.faults.check;

import java.util.HashSet;
import java.util.Set;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * No message is delivered to a process twice.
 */
final class NothingTwice implements Check {

	@Override
	public String name() {
		return "twice";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Life life : round.lives()) {
			Set<String> seen = new HashSet<>();
			for (Entry delivery : life.entries(Kind.DELIVER)) {
				String id = delivery.text("id");
				findings.require(seen.add(id), "%s has %s twice", life, id);
			}
		}
	}

}
