package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * A member does not lead after its leadership was revoked, and its application is
 * notified of each leadership that it has.
 */
final class WithinGrants implements Check {

	/** How long after its election a process that is not held up has that event. */
	private static final long UNHANDLED = 6_000_000_000L;

	@Override
	public String name() {
		return "within-grants";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Life life : round.lives()) {
			Map<String, Long> revoked = new HashMap<>();
			life.entries(Kind.REVOKING).forEach((entry) -> revoked.merge(grant(entry), entry.time(), Math::min));
			life.entries(Kind.REVOKED).forEach((entry) -> revoked.merge(grant(entry), entry.time(), Math::min));
			Set<String> granted = new HashSet<>();
			life.entries(Kind.GRANTED).forEach((entry) -> granted.add(grant(entry)));
			for (Entry sample : life.entries(Kind.LEADS)) {
				String grant = grant(sample);
				Long end = revoked.get(grant);
				findings.require(end == null || sample.time() < end, "%s leads %s after that was revoked", life, grant);
				if (end != null && !granted.contains(grant) && leavesBehind(round, life, end)) {
					findings.excused("behind");
					continue;
				}
				if (!granted.contains(grant) && round.isKilledBefore(life, sample.time(), UNHANDLED)) {
					findings.excused("killed");
					continue;
				}
				findings.require(granted.contains(grant), "%s leads %s, and was not notified of that grant", life,
						grant);
			}
		}
	}

	/**
	 * Who leaves the group while it is behind with its events is not notified of the rest
	 * of them when the time of the leave is over.
	 */
	private static boolean leavesBehind(Round round, Life life, long time) {
		return round.faults().stream().anyMatch((fault) -> fault.removes(life) && fault.isOpen(time, time))
				&& round.faults().stream().anyMatch((fault) -> fault.delays(life) && fault.isOpen(time, time));
	}

	private static String grant(Entry entry) {
		return "'" + entry.text("role") + "' with token " + entry.text("token");
	}

}
