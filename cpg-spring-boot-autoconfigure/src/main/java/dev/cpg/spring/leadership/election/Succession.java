package dev.cpg.spring.leadership.election;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.leadership.election.ElectionMessage.RoleState;
import dev.cpg.spring.leadership.election.ElectionMessage.State;
import org.jspecify.annotations.Nullable;

/**
 * Who leads one role according to what was said in the present exchange. As that is the
 * same for all members, so is this.
 */
final class Succession {

	private final String role;

	private final Exchange exchange;

	/** Members that lead, or are about to, with their tokens. */
	private final Map<CpgAddress, Long> live = new TreeMap<>();

	/** Members that have given the role up, and have not stated anything since. */
	private final Set<CpgAddress> barred = new HashSet<>();

	/** The highest token of the claims, and of members that have left. */
	private long highest = Token.NONE;

	private @Nullable CpgAddress holder;

	Succession(String role, Exchange exchange) {
		this.role = role;
		this.exchange = exchange;
	}

	/** A member has said how it stands. */
	void stated(CpgAddress member, State state) {
		RoleState row = state.roles().get(this.role);
		this.barred.remove(member);
		if (row != null && row.live() != Token.NONE && isCredible(row.live())) {
			this.live.put(member, row.live());
		}
		else {
			this.live.remove(member);
		}
	}

	/**
	 * A member claims the role.
	 * @return whether it gets it
	 */
	boolean claimed(CpgAddress member, long token) {
		if (!mayLead(member) || !this.live.isEmpty() || token <= highest() || !isCredible(token)) {
			return false;
		}
		this.live.put(member, token);
		this.highest = token;
		this.holder = member;
		return true;
	}

	/**
	 * A member has given the role up.
	 * @param bars whether it must not lead until it states something else
	 */
	void yielded(CpgAddress member, long token, boolean bars) {
		this.live.remove(member, token);
		if (bars) {
			this.barred.add(member);
		}
	}

	/** A member is suspected, or is about to leave the exchange. */
	void gone(CpgAddress member) {
		seen(highest());
		this.live.remove(member);
	}

	/** A token was seen on a message. */
	void seen(long token) {
		if (token > this.highest) {
			this.highest = token;
			this.holder = null;
		}
	}

	boolean isCredible(long token) {
		return Token.isCredible(token, this.exchange.latestClock());
	}

	/** Returns the highest token that anybody has named. */
	long highest() {
		long result = this.highest;
		for (State state : this.exchange.rows().values()) {
			RoleState row = state.roles().get(this.role);
			if (row != null && row.highest() > result && isCredible(row.highest())) {
				result = row.highest();
			}
		}
		return result;
	}

	/** Returns whether nobody leads or is about to. */
	boolean isVacant() {
		return this.live.isEmpty();
	}

	/** Returns who leads or is about to. */
	Set<CpgAddress> live() {
		return this.live.keySet();
	}

	/** Returns the leader: who has the highest token of all and has not given it up. */
	@Nullable Leader leader() {
		long highestToken = highest();
		for (Map.Entry<CpgAddress, Long> entry : this.live.entrySet()) {
			if (entry.getValue() >= highestToken) {
				return new Leader(entry.getKey(), entry.getValue());
			}
		}
		return null;
	}

	private boolean mayLead(CpgAddress member) {
		State state = this.exchange.row(member);
		RoleState row = (state != null) ? state.roles().get(this.role) : null;
		return state != null && row != null && state.ready() && state.paired() && !row.observer() && !row.barred()
				&& !this.barred.contains(member) && !this.exchange.isSuspect(member);
	}

	/** Returns who should claim the role, {@code null} if nobody may lead. */
	@Nullable CpgAddress choose() {
		long highestToken = highest();
		return this.exchange.rows()
			.keySet()
			.stream()
			.filter(this::mayLead)
			.min(Comparator.comparing((CpgAddress member) -> !isHolder(member, highestToken))
				.thenComparing((member) -> -(long) row(member).priority())
				.thenComparing((member) -> state(member).since())
				.thenComparing(Comparator.naturalOrder()))
			.orElse(null);
	}

	private boolean isHolder(CpgAddress member, long highestToken) {
		RoleState row = row(member);
		return (member.equals(this.holder) && this.highest == highestToken)
				|| (row.holder() && row.highest() == highestToken);
	}

	@SuppressWarnings("NullAway")
	private State state(CpgAddress member) {
		return this.exchange.row(member);
	}

	@SuppressWarnings("NullAway")
	private RoleState row(CpgAddress member) {
		return state(member).roles().get(this.role);
	}

}
