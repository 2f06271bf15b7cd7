package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * There are no more grants than faults can have caused.
 */
final class GrantCount implements Check {

	private static final int GRANTS_OF_A_CHANGE = 3;

	private static final int GRANTS_BESIDE_FAULTS = 10;

	@Override
	public String name() {
		return "grant-count";
	}

	@Override
	public void check(Round round, Findings findings) {
		// The end of a fault is a change as well.
		int changes = round.injected(Kind.FAULT).size() + round.injected(Kind.OVER).size();
		if (changes == 0) {
			return;
		}
		Map<String, Integer> grants = new HashMap<>();
		for (Life life : round.lives()) {
			for (Entry granted : life.entries(Kind.GRANTED)) {
				grants.merge(granted.text("role"), 1, Integer::sum);
			}
		}
		grants.forEach((role, count) -> findings.require(count <= GRANTS_OF_A_CHANGE * changes + GRANTS_BESIDE_FAULTS,
				"there were %d grants of '%s' at %d changes", count, role, changes));
	}

}
