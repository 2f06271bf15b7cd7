package dev.cpg.boot.autoconfigure;

import java.util.Collection;

import dev.cpg.spring.CpgMembership;

import org.springframework.context.SmartLifecycle;

/**
 * Joins all groups at the same time; by themselves the memberships would start one after
 * the other. It starts just before them. Their end is their own, and
 * {@link LeaveBeforeWebServer}'s.
 */
final class JoinTogether implements SmartLifecycle {

	private final Collection<CpgMembership> memberships;

	private final WithoutCorosync withoutCorosync;

	JoinTogether(Collection<CpgMembership> memberships, WithoutCorosync withoutCorosync) {
		this.memberships = memberships;
		this.withoutCorosync = withoutCorosync;
	}

	@Override
	public void start() {
		CpgMembership.start(this.memberships);
		this.withoutCorosync.started(this.memberships);
	}

	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return false;
	}

	@Override
	public int getPhase() {
		return CpgMembership.PHASE - 1;
	}

}
