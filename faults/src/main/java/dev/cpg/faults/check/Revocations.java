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

	private static final long TOLERANCE = 2_000_000_000L;

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
		long due = next.begin + TOLERANCE;
		boolean killed = round.injected(Kind.DIED)
			.stream()
			.anyMatch((died) -> died.is("name", grant.life.name()) && died.time() <= due);
		if (grant.end > due && !killed && isStopped(round, grant.life, due)) {
			findings.excused("paused");
			return;
		}
		findings.require(grant.end <= due || killed,
				"%s is not notified that it leads '%s' with token %d no more, and %s is granted it", grant.life, role,
				token, next.life);
	}

	/** Returns whether a process was stopped at a time, or is about to catch up. */
	private static boolean isStopped(Round round, Life life, long time) {
		for (Entry fault : round.injected(Kind.FAULT)) {
			boolean concerned = fault.is("target", life.name())
					|| life.stays().stream().anyMatch((stay) -> fault.list("nodes").contains(stay.node()));
			boolean over = round.injected(Kind.OVER)
				.stream()
				.anyMatch((end) -> end.is("id", fault.text("id")) && end.time() < time - TOLERANCE);
			if (concerned && fault.text("kind").startsWith("pause") && fault.time() <= time && !over) {
				return true;
			}
		}
		return false;
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
