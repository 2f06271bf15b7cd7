package dev.cpg.faults.check;

import java.util.List;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * Leaders change when there was a fault, or one was repaired, just before. A few changes
 * beside are those of a machine that is busy with something else.
 */
final class GrantCount implements Check {

	/** How long an election takes at most. */
	private static final long BEFORE = 4_000_000_000L;

	/**
	 * Six times that the leader of both roles changes: each one ends, and another begins.
	 */
	private static final int UNEXPLAINED = 24;

	@Override
	public String name() {
		return "grant-count";
	}

	@Override
	public void check(Round round, Findings findings) {
		long first = round.faults().stream().mapToLong(Fault::begin).min().orElse(Long.MAX_VALUE);
		long last = round.injected(Kind.CALM).stream().mapToLong(Entry::time).max().orElse(Long.MIN_VALUE);
		int unexplained = 0;
		for (Life life : round.lives()) {
			for (Kind kind : List.of(Kind.GRANTED, Kind.REVOKED)) {
				for (Entry change : life.entries(kind)) {
					if (change.time() > first && change.time() < last) {
						findings.compared(1);
						unexplained += isExplained(round, change) ? 0 : 1;
					}
				}
			}
		}
		if (unexplained > 0) {
			findings.excused("unexplained", unexplained);
		}
		if (unexplained > UNEXPLAINED) {
			findings.wrong("more than %d grants and revocations have no fault before them", UNEXPLAINED);
		}
	}

	private static boolean isExplained(Round round, Entry change) {
		return round.faults().stream().anyMatch((fault) -> fault.isOpen(change.time() - BEFORE, change.time()));
	}

}
