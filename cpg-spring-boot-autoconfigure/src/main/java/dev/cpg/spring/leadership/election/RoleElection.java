package dev.cpg.spring.leadership.election;

import java.util.Objects;

import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.leadership.election.Renewals.Renewal;
import org.jspecify.annotations.Nullable;

/**
 * How this member stands to one role: what it leads with, what it has claimed, and the
 * highest token that it knows.
 */
final class RoleElection {

	/** What is shorter is how exactly suspensions are measured. */
	private static final long SHORTEST_SUSPENSION = 50_000_000;

	private final ElectionSettings.Role settings;

	private final ElectionClock clock;

	private final ElectionActions actions;

	private final Rules rules;

	private final RoleStatus status;

	private long highest = Token.NONE;

	/** The token that this member is elected with, granted or not yet. */
	private long token = Token.NONE;

	private @Nullable Grant grant;

	private boolean healthy = true;

	private long grantedAt;

	private long suspendedBefore;

	/** The first renewal that was sent behind the claim: no earlier one counts. */
	private long firstRenewal;

	/** Whether the leadership is over and the application has not finished yet. */
	private boolean releasing;

	/** Whether the highest token is this member's. */
	private boolean holder;

	private @Nullable Long barredUntil;

	/** The digest by which the claim was made that is under way. */
	private @Nullable Long claimed;

	RoleElection(ElectionSettings.Role settings, ElectionClock clock, ElectionActions actions, Rules rules) {
		this.settings = settings;
		this.rules = rules;
		this.clock = clock;
		this.actions = actions;
		this.status = new RoleStatus(clock, actions);
	}

	String name() {
		return this.settings.name();
	}

	RoleStatus status() {
		return this.status;
	}

	long highest() {
		return this.highest;
	}

	long token() {
		return this.token;
	}

	@Nullable Grant grant() {
		return this.grant;
	}

	boolean isReleasing() {
		return this.releasing;
	}

	/** Returns whether it leads or is about to, and wants to go on. */
	boolean isRenewed() {
		return this.token != Token.NONE && !this.releasing;
	}

	/** Returns whether it is elected and waits for its lease. */
	boolean isPending() {
		return isRenewed() && this.grant == null;
	}

	/** Returns whether it has or needs a lease. */
	boolean wantsLease() {
		return isClaiming() || isRenewed();
	}

	/** Returns whether it has no lease, and needs one as soon as it is elected. */
	boolean isWithoutLease() {
		return isClaiming() || isPending();
	}

	/** Returns whether that is something else than before. */
	boolean healthChanged(boolean nowHealthy) {
		boolean changed = this.healthy != nowHealthy;
		this.healthy = nowHealthy;
		return changed;
	}

	/**
	 * Returns when the role is to be given up for the application's health, {@code null}
	 * if it is not.
	 */
	@Nullable Long healthDue() {
		if (this.healthy || !isRenewed()) {
			return null;
		}
		return (this.grant != null) ? this.grantedAt + this.settings.minHold().toNanos() : this.clock.nanoTime();
	}

	ElectionMessage.RoleState state() {
		return new ElectionMessage.RoleState(this.settings.priority(), this.settings.observer(),
				!this.healthy || this.barredUntil != null, this.holder, this.highest, this.token);
	}

	/** A token was seen. */
	void seen(long seen) {
		if (seen > this.highest) {
			this.highest = seen;
			this.holder = false;
			this.actions.highestToken(name(), seen);
		}
	}

	/**
	 * The claim is sent.
	 * @param nextRenewal the number of the renewal that is sent next
	 */
	void claim(long digest, long nextRenewal) {
		this.claimed = digest;
		this.firstRenewal = nextRenewal;
	}

	boolean hasClaimed(long digest) {
		return Objects.equals(this.claimed, digest);
	}

	boolean isClaiming() {
		return this.claimed != null;
	}

	void claimDone() {
		this.claimed = null;
	}

	/**
	 * Returns until when this member is not to be elected, {@code null} without a limit.
	 */
	@Nullable Long barredUntil() {
		return this.barredUntil;
	}

	void bar(@Nullable Long until) {
		this.barredUntil = until;
	}

	/** This member is elected. */
	void elected(long newToken) {
		seen(newToken);
		this.holder = newToken == this.highest;
		this.token = newToken;
	}

	/**
	 * A renewal proves that the lease may go on.
	 * @param renewal the renewal that the lease is counted from
	 * @param end when the lease ends
	 */
	void renewed(Renewal renewal, long end) {
		if (!isRenewed() || renewal.number() < this.firstRenewal) {
			return;
		}
		if (this.grant == null || (!this.grant.extend(end, this.clock.nanoTime()) && this.rules.isRevived())) {
			grant(end, renewal.suspended());
		}
	}

	/**
	 * It leads, unless the lease has ended already.
	 * @param suspended for how long the machine was suspended before the lease began
	 */
	void grant(long end, long suspended) {
		if (end - this.clock.nanoTime() > 0 && !isSuspendedSince(suspended)) {
			this.suspendedBefore = suspended;
			this.grantedAt = this.clock.nanoTime();
			this.grant = new Grant(this.token, end);
			this.status.granted(this.grant);
			this.actions.granted(name(), this.token);
		}
	}

	/** Returns whether it was granted and its lease has ended. */
	boolean isLapsed() {
		return this.grant != null
				&& (!this.grant.holdsAt(this.clock.nanoTime()) || isSuspendedSince(this.suspendedBefore));
	}

	private boolean isSuspendedSince(long suspended) {
		return this.clock.suspendedTime() - suspended > SHORTEST_SUSPENSION;
	}

	/** The leadership is over, but for what the application has to finish. */
	void release(Reason reason) {
		this.releasing = true;
		end(reason);
	}

	/**
	 * The leadership is over.
	 * @return the token, {@link Token#NONE} if there was none
	 */
	long revoke(Reason reason) {
		long revoked = this.token;
		this.token = Token.NONE;
		this.releasing = false;
		end(reason);
		return revoked;
	}

	private void end(Reason reason) {
		Grant ended = this.grant;
		this.grant = null;
		this.status.granted(null);
		if (ended != null) {
			this.actions.revoked(name(), ended.token(), reason);
		}
	}

	void led(@Nullable Leader leader, @Nullable Vacancy vacancy) {
		if (!Objects.equals(leader, this.status.leader()) || vacancy != this.status.vacancy()) {
			this.status.led(leader, vacancy);
			this.actions.leaderChanged(name(), leader, vacancy);
		}
	}

}
