package dev.cpg.faults.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * At most one member at a time is the leader of a role, by its own answers, and the
 * tokens grow. A process may have been stopped between question and answer, so it is only
 * sure that it led from the end of its first question to the begin of its last.
 */
final class OneLeader implements Check {

	/** After an orderly stop of the leader's daemon others may lead within its lease. */
	private static final String NOT_EXCLUSIVE = "stop-daemon";

	private static final long LEASE = 600_000_000L;

	/** How long a daemon takes to stop. */
	private static final long STOP = 5_000_000_000L;

	@Override
	public String name() {
		return "leads";
	}

	@Override
	public void check(Round round, Findings findings) {
		Map<String, TreeMap<Long, Lead>> roles = new HashMap<>();
		for (Life life : round.lives()) {
			for (Entry sample : life.entries(Kind.LEADS)) {
				long token = sample.number("token");
				Lead lead = roles.computeIfAbsent(sample.text("role"), (role) -> new TreeMap<>())
					.computeIfAbsent(token, (number) -> new Lead(life, number));
				findings.require(lead.life == life, "%s and %s both lead '%s' with token %d", lead.life, life,
						sample.text("role"), token);
				lead.add(sample);
			}
		}
		roles.forEach((role, leads) -> check(round, role, leads.values(), findings));
	}

	private static void check(Round round, String role, Collection<Lead> leads, Findings findings) {
		Lead latest = null;
		for (Lead lead : leads) {
			if (latest != null && latest.lastBegin >= lead.firstEnd) {
				if (isStopped(round, latest, lead)) {
					findings.excused("stopped");
				}
				else {
					findings.wrong("%s leads '%s' with token %d when %s already leads it with token %d", latest.life,
							role, latest.token, lead.life, lead.token);
				}
			}
			latest = (latest == null || lead.lastBegin > latest.lastBegin) ? lead : latest;
		}
	}

	private static boolean isStopped(Round round, Lead former, Lead latter) {
		List<String> nodes = former.life.stays().stream().map(Stay::node).distinct().toList();
		return former.lastBegin - latter.firstEnd <= LEASE && round.faults()
			.stream()
			.filter((fault) -> fault.kind().equals(NOT_EXCLUSIVE) && nodes.stream().anyMatch(fault::isOf))
			.anyMatch((fault) -> latter.firstEnd >= fault.begin() && latter.firstEnd <= fault.begin() + STOP);
	}

	/** When a process led for sure. */
	private static final class Lead {

		private final Life life;

		private final long token;

		private long firstEnd = Long.MAX_VALUE;

		private long lastBegin = Long.MIN_VALUE;

		private Lead(Life life, long token) {
			this.life = life;
			this.token = token;
		}

		private void add(Entry sample) {
			this.firstEnd = Math.min(this.firstEnd, sample.number("until"));
			this.lastBegin = Math.max(this.lastBegin, sample.time());
		}

	}

}
