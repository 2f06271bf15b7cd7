package dev.cpg.spring.leadership.election;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.RingId;
import dev.cpg.spring.leadership.election.ElectionMessage.State;
import org.jspecify.annotations.Nullable;

/**
 * What the members have said since they last began to say it: at a new ring, and when a
 * member joined; and who leads each role according to that. All members of the view have
 * the same of it at the same place in the order, as all begin at the same place.
 */
final class Exchange {

	private final CpgAddress self;

	private final long tag;

	private final long begin;

	private final Map<CpgAddress, State> rows = new TreeMap<>();

	private final Map<CpgAddress, Long> heard = new HashMap<>();

	private final Map<CpgAddress, Long> lastHeard = new HashMap<>();

	private final Set<CpgAddress> suspects = new HashSet<>();

	private final Map<String, Succession> successions = new HashMap<>();

	/** How often a suspicion has come or gone, so that no digest comes again. */
	private long suspicions;

	/**
	 * Begins an exchange.
	 * @param self this member
	 * @param roles the names of its roles
	 * @param begin when, by this member's clock
	 */
	Exchange(CpgAddress self, RingId ring, Collection<CpgAddress> members, Collection<String> roles, long begin) {
		this.self = self;
		roles.forEach((role) -> this.successions.put(role, new Succession(role, this)));
		long hash = mix(mix(0, ring.nodeId()), ring.sequence());
		for (CpgAddress member : members) {
			hash = mix(hash, member);
		}
		this.tag = hash;
		this.begin = begin;
	}

	private static long mix(long hash, CpgAddress member) {
		return mix(mix(hash, member.nodeId()), member.pid());
	}

	/** Murmur's finalizer, over the sum of what was before and what is added. */
	private static long mix(long hash, long value) {
		long mixed = (hash * 31 + value) ^ 0x9E3779B97F4A7C15L;
		mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
		mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
		return mixed ^ (mixed >>> 33);
	}

	/** Returns this member. */
	CpgAddress self() {
		return this.self;
	}

	/** Returns what names this exchange: the ring and who took part at the begin. */
	long tag() {
		return this.tag;
	}

	/**
	 * Returns what names the rows as they are: who has said which. A decision that was
	 * made by other rows is out of date.
	 */
	long digest() {
		long hash = this.tag;
		for (Map.Entry<CpgAddress, State> row : this.rows.entrySet()) {
			hash = mix(mix(mix(hash, row.getKey()), row.getValue().incarnation()), row.getValue().number());
		}
		return mix(hash, this.suspicions);
	}

	void add(CpgAddress sender, State state) {
		this.rows.put(sender, state);
	}

	@Nullable State row(CpgAddress member) {
		return this.rows.get(member);
	}

	Map<CpgAddress, State> rows() {
		return this.rows;
	}

	/** Returns who leads a role, {@code null} if it is none of this member's. */
	@Nullable Succession succession(String role) {
		return this.successions.get(role);
	}

	/** Returns who leads each of this member's roles. */
	Map<String, Succession> successions() {
		return this.successions;
	}

	void left(CpgAddress member) {
		this.successions.values().forEach((succession) -> succession.gone(member));
		this.rows.remove(member);
		this.heard.remove(member);
		this.lastHeard.remove(member);
		endSuspicion(member);
	}

	/** Returns the latest of the members' clocks. */
	long latestClock() {
		return this.rows.values().stream().mapToLong(State::clock).max().orElse(0);
	}

	List<Long> clocks() {
		return this.rows.values().stream().map(State::clock).toList();
	}

	/**
	 * A member was heard.
	 * @return whether it is suspected no more
	 */
	boolean heard(CpgAddress member, long now) {
		this.heard.merge(member, 1L, Long::sum);
		this.lastHeard.put(member, now);
		return endSuspicion(member);
	}

	private boolean endSuspicion(CpgAddress member) {
		boolean removed = this.suspects.remove(member);
		if (removed) {
			this.suspicions++;
		}
		return removed;
	}

	/** Returns how often a member was heard. */
	long heard(CpgAddress member) {
		return this.heard.getOrDefault(member, 0L);
	}

	/** Returns when a member was last heard, or could have been for the first time. */
	long lastHeard(CpgAddress member) {
		return this.lastHeard.getOrDefault(member, this.begin);
	}

	boolean suspect(CpgAddress member) {
		boolean added = this.suspects.add(member);
		if (added) {
			this.suspicions++;
			this.successions.values().forEach((succession) -> succession.gone(member));
		}
		return added;
	}

	boolean isSuspect(CpgAddress member) {
		return this.suspects.contains(member);
	}

	Set<CpgAddress> suspects() {
		return this.suspects;
	}

	/**
	 * Returns the other members that others rely on: the leaders, those who are to claim,
	 * and those who want to be heard.
	 */
	Set<CpgAddress> relied() {
		Set<CpgAddress> relied = new HashSet<>();
		for (Succession succession : this.successions.values()) {
			relied.addAll(succession.live());
			CpgAddress next = succession.isVacant() ? succession.choose() : null;
			if (next != null) {
				relied.add(next);
			}
		}
		this.rows.forEach((member, state) -> {
			if (state.heard()) {
				relied.add(member);
			}
		});
		relied.remove(this.self);
		return relied;
	}

}
