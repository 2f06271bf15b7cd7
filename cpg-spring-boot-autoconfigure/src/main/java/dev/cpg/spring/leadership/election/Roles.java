package dev.cpg.spring.leadership.election;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.leadership.election.ElectionMessage.RoleState;
import dev.cpg.spring.leadership.election.ElectionMessage.Yield;
import org.jspecify.annotations.Nullable;

/**
 * This member's roles, and how it gives them up: on its own, for the application's
 * health, or as a lease has ended.
 */
final class Roles {

	private final Map<String, RoleElection> roles = new LinkedHashMap<>();

	private final long cooldown;

	private final long incarnation;

	private final ElectionClock clock;

	private final Rules rules;

	private final Consumer<ElectionMessage> sender;

	/**
	 * Creates them.
	 * @param incarnation this life of the member
	 * @param sender sends messages to the group
	 */
	Roles(ElectionSettings settings, long incarnation, ElectionClock clock, ElectionActions actions, Rules rules,
			Consumer<ElectionMessage> sender) {
		this.cooldown = settings.yieldCooldown().toNanos();
		this.incarnation = incarnation;
		this.clock = clock;
		this.rules = rules;
		this.sender = sender;
		settings.roles().forEach((role) -> this.roles.put(role.name(), new RoleElection(role, clock, actions, rules)));
	}

	/**
	 * Returns a role.
	 * @throws IllegalArgumentException if there is none of that name
	 */
	RoleElection get(String name) {
		RoleElection role = this.roles.get(name);
		if (role == null) {
			throw new IllegalArgumentException("There is no role '" + name + "', only " + names());
		}
		return role;
	}

	/** Returns a role, {@code null} if there is none of that name. */
	@Nullable RoleElection find(String name) {
		return this.roles.get(name);
	}

	Set<String> names() {
		return this.roles.keySet();
	}

	Collection<RoleElection> all() {
		return this.roles.values();
	}

	boolean any(Predicate<RoleElection> condition) {
		return this.roles.values().stream().anyMatch(condition);
	}

	/** Returns how this member stands to each of them. */
	Map<String, RoleState> states() {
		Map<String, RoleState> states = new HashMap<>();
		this.roles.forEach((name, role) -> states.put(name, role.state()));
		return states;
	}

	/** Gives a role up. A leader has to finish what it does first. */
	void giveUp(RoleElection role, Reason reason) {
		if (role.isPending()) {
			end(role, reason, true);
		}
		else if (role.isRenewed()) {
			if (!this.rules.isRevokedBeforeYield()) {
				this.sender.accept(new Yield(this.incarnation, role.name(), role.token(), true));
			}
			role.release(reason);
		}
	}

	/**
	 * A leadership is over, and others are notified of it.
	 * @param cools whether this member is not elected again for the cool-down
	 */
	void end(RoleElection role, Reason reason, boolean cools) {
		long token = role.revoke(reason);
		boolean barred = cools && this.cooldown > 0;
		if (barred) {
			role.bar(this.clock.nanoTime() + this.cooldown);
		}
		if (token != Token.NONE) {
			this.sender.accept(new Yield(this.incarnation, role.name(), token, barred));
		}
	}

	/** The ring is not quorate. */
	void endInquorate() {
		this.roles.values().forEach((role) -> end(role, Reason.QUORUM, false));
	}

	/** There is another ring: ends leaderships that have no lease yet. */
	void endPending() {
		for (RoleElection role : this.roles.values()) {
			if (role.isPending() && this.rules.isElectedInRing()) {
				end(role, Reason.LEASE, false);
			}
		}
	}

	/** Ends leaderships whose leases have ended. */
	void endLapsed() {
		for (RoleElection role : this.roles.values()) {
			if (role.isLapsed() && this.rules.endsWithLease()) {
				end(role, Reason.LEASE, false);
			}
		}
	}

	/** Gives up roles that the application is not healthy enough for. */
	void endUnhealthy() {
		long now = this.clock.nanoTime();
		for (RoleElection role : this.roles.values()) {
			Long due = role.healthDue();
			if (due != null && due - now <= 0) {
				giveUp(role, Reason.HEALTH);
			}
		}
	}

	/** Returns whether the cool-down of a role has ended. */
	boolean endCooldowns(long now) {
		boolean ended = false;
		for (RoleElection role : this.roles.values()) {
			Long until = role.barredUntil();
			if (until != null && until - now <= 0) {
				role.bar(null);
				ended = true;
			}
		}
		return ended;
	}

	/** The connection has ended: nobody can be notified. */
	void disconnected(Reason reason) {
		this.roles.values().forEach((role) -> {
			role.revoke(reason);
			role.claimDone();
		});
	}

	/** Returns when a role is to be looked at. */
	long next(long now, long otherwise) {
		long next = otherwise;
		for (RoleElection role : this.roles.values()) {
			next = earlier(next, role.barredUntil());
			next = earlier(next, role.healthDue());
			Grant grant = role.grant();
			if (grant != null) {
				Long end = grant.end();
				next = earlier(next, (end != null) ? end : (Long) now);
			}
		}
		return next;
	}

	private static long earlier(long one, @Nullable Long other) {
		return (other != null && other - one < 0) ? other : one;
	}

}
