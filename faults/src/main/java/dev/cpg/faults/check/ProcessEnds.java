package dev.cpg.faults.check;

import dev.cpg.faults.history.Kind;

/**
 * Every process has ended in order, or was killed on purpose.
 */
final class ProcessEnds implements Check {

	@Override
	public String name() {
		return "ends";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Life life : round.senders()) {
			findings.require(life.isEnded() || round.isKilled(life), "%s has not ended in order, and nobody killed it",
					life);
		}
		if (round.injected(Kind.CALM).isEmpty()) {
			findings.excused("uncalm");
		}
	}

}
