package dev.cpg.faults.check;

import java.util.HashSet;
import java.util.Set;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * A send that was reported lost, or refused, is in nobody's history.
 */
final class LostSends implements Check {

	@Override
	public String name() {
		return "undelivered";
	}

	@Override
	public void check(Round round, Findings findings) {
		Set<String> lost = new HashSet<>();
		for (Life life : round.lives()) {
			for (Entry outcome : life.entries(Kind.OUTCOME)) {
				if (outcome.is("is", "notdelivered") || outcome.is("is", "refused")) {
					lost.add(outcome.text("id"));
				}
			}
		}
		findings.compared(lost.size());
		for (Life life : round.lives()) {
			for (Entry delivery : life.entries(Kind.DELIVER)) {
				if (lost.contains(delivery.text("id"))) {
					findings.wrong("%s was delivered to %s, and reported as not delivered", delivery.text("id"), life);
				}
			}
		}
	}

}
