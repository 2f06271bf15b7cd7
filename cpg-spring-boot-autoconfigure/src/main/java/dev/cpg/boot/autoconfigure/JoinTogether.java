package dev.cpg.boot.autoconfigure;

import java.util.Collection;

import dev.cpg.spring.CpgMembership;

import org.springframework.context.SmartLifecycle;

/**
 * Joins the groups at the same time, where each membership by itself would wait for the
 * one before. It comes just before them, and leaves to them, and to
 * {@link LeaveBeforeWebServer}, how they end.
 */
final class JoinTogether implements SmartLifecycle {

	private final Collection<CpgMembership> memberships;

	JoinTogether(Collection<CpgMembership> memberships) {
		this.memberships = memberships;
	}

	@Override
	public void start() {
		CpgMembership.start(this.memberships);
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
