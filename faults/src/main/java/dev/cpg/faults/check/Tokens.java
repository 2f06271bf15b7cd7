package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * A token has one holder, as all members see it, and is granted once; those that a member
 * knows never fall.
 */
final class Tokens implements Check {

	@Override
	public String name() {
		return "tokens";
	}

	@Override
	public void check(Round round, Findings findings) {
		Map<String, String> holders = new HashMap<>();
		Set<String> grants = new HashSet<>();
		for (Life life : round.lives()) {
			Map<String, Long> highest = new HashMap<>();
			for (Entry entry : life.entries(Kind.LEADER)) {
				if (entry.find("token") != null && !entry.is("leader", "none")) {
					String role = entry.text("role");
					long token = entry.number("token");
					Long before = highest.put(role, token);
					findings.require(before == null || token >= before, "%s knows token %d of '%s', then %d", life,
							before, role, token);
					String holder = holders.putIfAbsent(role + " " + token, entry.text("leader"));
					findings.require(holder == null || entry.is("leader", holder),
							"token %d of '%s' is that of %s for %s, and that of %s for others", token, role,
							entry.text("leader"), life, holder);
				}
			}
			for (Entry entry : life.entries(Kind.GRANTED)) {
				String grant = entry.text("role") + " " + entry.text("token");
				findings.require(grants.add(grant), "token %s of '%s' is granted twice, the second time to %s",
						entry.text("token"), entry.text("role"), life);
			}
		}
	}

}
