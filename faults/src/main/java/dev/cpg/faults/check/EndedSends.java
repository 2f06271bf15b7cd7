package dev.cpg.faults.check;

import java.util.HashSet;
import java.util.Set;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * Every future has ended, once and in time, unless its process was killed before.
 */
final class EndedSends implements Check {

	/** The time limit of a large send, and some for a machine that is busy. */
	private static final long LONGEST = 20_000_000_000L;

	@Override
	public String name() {
		return "futures";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Life life : round.lives()) {
			Set<String> ended = new HashSet<>();
			for (Entry outcome : life.entries(Kind.OUTCOME)) {
				String id = outcome.text("id");
				findings.require(ended.add(id), "%s has two outcomes", id);
			}
			for (Entry open : life.entries(Kind.OPEN)) {
				findings.require(!open.is("phase", "end") || open.number("futures") == 0,
						"%s ends with %s open futures", life, open.text("futures"));
			}
			long last = life.entries().stream().mapToLong(Entry::time).max().orElse(0);
			for (Entry send : life.entries(Kind.SEND)) {
				boolean due = life.isEnded()
						|| (last - send.time() > LONGEST && !round.isHeldUp(life, send.time(), last));
				if (due) {
					findings.require(ended.contains(send.text("id")), "%s has no outcome", send.text("id"));
				}
			}
		}
	}

}
