package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * A leader is notified that it leads no more before another one is granted, or a moment
 * after that at most: processes that are stopped are late, and counted.
 */
final class Revocations implements Check {

	/** How long a process that is not stopped takes to note it. */
	private static final long MOMENT = 2_000_000_000L;

	@Override
	public String name() {
		return "revocations";
	}

	@Override
	public void check(Round round, Findings findings) {
		Map<String, TreeMap<Long, Grant>> roles = new HashMap<>();
		for (Life life : round.lives()) {
			Map<String, Grant> grants = new HashMap<>();
			for (Entry entry : life.entries(Kind.GRANTED)) {
				Grant grant = new Grant(life, entry.time());
				grants.put(key(entry), grant);
				roles.computeIfAbsent(entry.text("role"), (role) -> new TreeMap<>()).put(entry.number("token"), grant);
			}
			life.entries(Kind.REVOKED).forEach((entry) -> end(grants, entry));
			life.entries(Kind.REVOKING).forEach((entry) -> end(grants, entry));
		}
		roles.forEach((role, grants) -> grants.forEach((token, grant) -> {
			Map.Entry<Long, Grant> next = grants.higherEntry(token);
			if (next != null) {
				check(round, role, token, grant, next.getValue(), findings);
			}
		}));
	}

	private static String key(Entry entry) {
		return entry.text("role") + " " + entry.text("token");
	}

	private static void end(Map<String, Grant> grants, Entry revocation) {
		Grant grant = grants.get(key(revocation));
		if (grant != null) {
			grant.end = Math.min(grant.end, revocation.time());
		}
	}

	private static void check(Round round, String role, long token, Grant grant, Grant next, Findings findings) {
		long due = next.begin + MOMENT;
		Long killed = round.killed(grant.life);
		boolean inTime = grant.end <= due || (killed != null && killed <= due);
		if (!inTime && isPaused(round, grant, due)) {
			findings.excused("paused");
			return;
		}
		findings.require(inTime, "%s is not notified that it leads '%s' with token %d no more, and %s is granted it",
				grant.life, role, token, next.life);
	}

	/** Returns whether a process was stopped then, and is notified when it goes on. */
	private static boolean isPaused(Round round, Grant grant, long due) {
		Long killed = round.killed(grant.life);
		long end = (killed != null) ? Math.min(grant.end, killed) : grant.end;
		return round.pauses(grant.life)
			.stream()
			.anyMatch((fault) -> fault.begin() <= due && fault.over() >= due - MOMENT && end - MOMENT <= fault.over());
	}

	/** A leadership of a process. */
	private static final class Grant {

		private final Life life;

		private final long begin;

		private long end = Long.MAX_VALUE;

		private Grant(Life life, long begin) {
			this.life = life;
			this.begin = begin;
		}

	}

}
