package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.cpg.client.CpgAddress;

/**
 * Which members speak. Each has to say how it stands when an exchange begins; who does
 * not, such as a C program, counts as silent until it says anything. Those that others
 * rely on have to go on speaking, or they seem to hang.
 */
final class Attendance {

	private final long exchangeTimeout;

	private final Watch watch;

	/** Members that did not speak when all others did. */
	private final Set<CpgAddress> silent = new HashSet<>();

	/**
	 * Members that were relied on before, or suspected, and have not spoken in this
	 * exchange.
	 */
	private final Set<CpgAddress> unheard = new HashSet<>();

	Attendance(Rules rules, Duration exchangeTimeout, Duration livenessTimeout) {
		this.exchangeTimeout = exchangeTimeout.toNanos();
		this.watch = new Watch(rules, livenessTimeout.toMillis());
	}

	/** A member has said something: if not how it stands, it is awaited once more. */
	void heard(CpgAddress member) {
		this.silent.remove(member);
	}

	/** A member has said how it stands, or has left. */
	void settled(CpgAddress member) {
		this.silent.remove(member);
		this.unheard.remove(member);
	}

	/**
	 * An exchange is over. The next one knows of no suspicion: whoever hangs is found
	 * once more.
	 */
	void ended(Exchange exchange) {
		this.unheard.addAll(exchange.relied());
		this.unheard.addAll(exchange.suspects());
	}

	/** The connection has ended. */
	void clear() {
		this.silent.clear();
		this.unheard.clear();
	}

	/** Returns whether all have said how they stand, but for those who are silent. */
	boolean isComplete(Exchange exchange, List<CpgAddress> members) {
		for (CpgAddress member : members) {
			if (exchange.row(member) == null && !this.silent.contains(member)) {
				return false;
			}
		}
		return true;
	}

	/** Those who have not spoken in time count as silent. */
	void timeReached(Exchange exchange, List<CpgAddress> members, long now) {
		for (CpgAddress member : members) {
			if (isAwaited(exchange, member) && awaitedUntil(exchange, member) - now <= 0) {
				this.silent.add(member);
			}
		}
	}

	private boolean isAwaited(Exchange exchange, CpgAddress member) {
		return exchange.row(member) == null && !member.equals(exchange.self()) && !this.silent.contains(member);
	}

	/** Who says other things has another view, and may lead in it. */
	private long awaitedUntil(Exchange exchange, CpgAddress member) {
		return exchange.lastHeard(member) + this.exchangeTimeout;
	}

	/** Returns when the next one counts as silent. */
	long next(Exchange exchange, List<CpgAddress> members, long otherwise) {
		long result = otherwise;
		for (CpgAddress member : members) {
			if (isAwaited(exchange, member)) {
				long until = awaitedUntil(exchange, member);
				result = (until - result < 0) ? until : result;
			}
		}
		return result;
	}

	/** Watches those that have to go on speaking, once all have spoken. */
	void watch(Exchange exchange, long now) {
		Set<CpgAddress> watched = exchange.relied();
		watched.addAll(this.unheard);
		this.watch.set(watched, now);
	}

	/** Watches nobody. */
	void watchNobody() {
		this.watch.set(Set.of(), 0);
	}

	/**
	 * Returns who seems to hang, each once for what it last said.
	 */
	List<CpgAddress> hanging(Exchange exchange, long now) {
		return this.watch.silent(exchange, now);
	}

	/** Returns when the next one seems to hang. */
	long nextHanging(Exchange exchange, long otherwise) {
		return this.watch.next(exchange, otherwise);
	}

}
