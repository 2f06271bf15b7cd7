package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.faults.history.Entry;

/**
 * No message that was sent under a token is delivered where a larger one is known.
 */
final class StaleMessages implements Check {

	@Override
	public String name() {
		return "stale-messages";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Life life : round.lives()) {
			Map<String, Long> highest = new HashMap<>();
			for (Entry entry : life.entries()) {
				String role = entry.find("role");
				if (role == null || entry.find("token") == null) {
					continue;
				}
				switch (entry.kind()) {
					case LEADER -> highest.merge(role, entry.number("token"), Math::max);
					case DELIVER -> {
						long known = highest.getOrDefault(role, 0L);
						findings.require(entry.number("token") >= known,
								"%s has %s, which was sent under token %s, and knows token %d", life, entry.text("id"),
								entry.text("token"), known);
						highest.put(role, Math.max(known, entry.number("token")));
					}
					default -> {
					}
				}
			}
		}
	}

}
