package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.OptionalLong;

import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import org.jspecify.annotations.Nullable;

/**
 * How a role stands, as this member knows it. Any thread may call any method, at any
 * time.
 */
public final class RoleStatus {

	private final ElectionClock clock;

	private final ElectionActions actions;

	private volatile @Nullable Grant grant;

	private volatile @Nullable Leader leader;

	private volatile @Nullable Vacancy vacancy = Vacancy.DISCONNECTED;

	RoleStatus(ElectionClock clock, ElectionActions actions) {
		this.clock = clock;
		this.actions = actions;
	}

	/**
	 * Returns whether this member leads now: it was granted leadership, the lease has not
	 * ended by the clock, and the connection has not. A leadership that this was once
	 * false of does not come back; another one has another token.
	 */
	public boolean isLeader() {
		return present() != null;
	}

	/** The connection is asked first: others elect as soon as it has ended. */
	private @Nullable Grant present() {
		Grant current = this.grant;
		return (current != null && this.actions.isConnected() && current.holdsAt(this.clock.nanoTime())) ? current
				: null;
	}

	/**
	 * Returns this member's token, if it leads now.
	 */
	public OptionalLong token() {
		Grant current = present();
		return (current != null) ? OptionalLong.of(current.token()) : OptionalLong.empty();
	}

	/**
	 * Returns how long this member leads if the lease is not renewed, zero if it does not
	 * lead.
	 */
	public Duration leaseLeft() {
		Grant current = present();
		return (current != null) ? Duration.ofNanos(current.left(this.clock.nanoTime())) : Duration.ZERO;
	}

	/**
	 * Returns the leader that the members agree on, {@code null} if there is none.
	 */
	public @Nullable Leader leader() {
		return this.leader;
	}

	/**
	 * Returns why there is no leader, {@code null} if there is one.
	 */
	public @Nullable Vacancy vacancy() {
		return this.vacancy;
	}

	void granted(@Nullable Grant now) {
		this.grant = now;
	}

	void led(@Nullable Leader now, @Nullable Vacancy why) {
		this.leader = now;
		this.vacancy = why;
	}

}
