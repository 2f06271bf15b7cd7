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
		for (Life life : round.lives()) {
			if (isOfJava(life)) {
				findings.require(life.isEnded() || round.killed(life) != null,
						"%s has not ended in order, and nobody killed it", life);
			}
		}
		if (round.injected(Kind.CALM).isEmpty()) {
			findings.excused("uncalm");
		}
	}

	/**
	 * C programs note neither leaders nor ends. One that died at its start notes nothing.
	 */
	private static boolean isOfJava(Life life) {
		return life.entries().isEmpty() || !life.entries(Kind.LEADER).isEmpty() || !life.entries(Kind.SEND).isEmpty();
	}

}
