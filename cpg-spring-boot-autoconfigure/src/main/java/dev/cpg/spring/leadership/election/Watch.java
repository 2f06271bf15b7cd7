package dev.cpg.spring.leadership.election;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.leadership.election.ElectionMessage.State;

/**
 * Finds members that have not been heard for too long, among those that lead, are about
 * to, or ask for it.
 */
final class Watch {

	private final Rules rules;

	private final long livenessMillis;

	/** Since when members are watched. */
	private final Map<CpgAddress, Long> since = new HashMap<>();

	/** What was reported of members, so that it is reported once. */
	private final Map<CpgAddress, Long> reported = new HashMap<>();

	Watch(Rules rules, long livenessMillis) {
		this.rules = rules;
		this.livenessMillis = livenessMillis;
	}

	/** Sets which members are watched. */
	void set(Set<CpgAddress> members, long now) {
		this.since.keySet().retainAll(members);
		this.reported.keySet().retainAll(members);
		members.forEach((member) -> this.since.putIfAbsent(member, now));
	}

	/**
	 * Returns the members that are silent for too long, each once for what it last said.
	 */
	List<CpgAddress> silent(Exchange exchange, long now) {
		List<CpgAddress> result = new ArrayList<>();
		for (CpgAddress member : this.since.keySet()) {
			if (due(exchange, member) - now <= 0 && !isReported(exchange, member)) {
				this.reported.put(member, report(exchange, member));
				result.add(member);
			}
		}
		return result;
	}

	private boolean isReported(Exchange exchange, CpgAddress member) {
		Long last = this.reported.get(member);
		return exchange.isSuspect(member) || (last != null && last == report(exchange, member));
	}

	private static long report(Exchange exchange, CpgAddress member) {
		return exchange.digest() + exchange.heard(member);
	}

	/** Returns when the next one is silent for too long. */
	long next(Exchange exchange, long otherwise) {
		long result = otherwise;
		for (CpgAddress member : this.since.keySet()) {
			if (!isReported(exchange, member)) {
				long due = due(exchange, member);
				result = (due - result < 0) ? due : result;
			}
		}
		return result;
	}

	private long due(Exchange exchange, CpgAddress member) {
		long watched = this.since.getOrDefault(member, 0L);
		long heard = exchange.lastHeard(member);
		State state = exchange.row(member);
		long patience = this.rules.patience(this.livenessMillis, (state != null) ? state.lease() : 0);
		return ((heard - watched > 0) ? heard : watched) + patience * 1_000_000;
	}

}
