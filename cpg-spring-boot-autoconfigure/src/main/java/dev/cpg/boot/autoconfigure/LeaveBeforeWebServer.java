package dev.cpg.boot.autoconfigure;

import java.util.Collection;

import dev.cpg.spring.CpgMembership;

import org.springframework.context.SmartLifecycle;

/**
 * Leaves the groups before the web server stops taking requests, so that the other
 * members learn of the leave while this service still answers.
 * <p>
 * A lifecycle starts and stops in the same phase. The membership's phase is early, so
 * that it has joined before the first request; by itself it would leave after the last
 * one. This phase is later than the two of the web server ({@code DEFAULT_PHASE - 1024}
 * and {@code - 2048}), so this lifecycle is stopped before them. It is earlier than the
 * default phase, so that components of the application that stop there are still in the
 * group. This lifecycle has no state of its own: it stops the memberships that run, and
 * its start starts them, as after a restore from a checkpoint.
 */
final class LeaveBeforeWebServer implements SmartLifecycle {

	static final int PHASE = DEFAULT_PHASE - 512;

	private final Collection<CpgMembership> memberships;

	LeaveBeforeWebServer(Collection<CpgMembership> memberships) {
		this.memberships = memberships;
	}

	@Override
	public void start() {
		CpgMembership.start(this.memberships);
	}

	@Override
	public void stop() {
		CpgMembership.stop(this.memberships);
	}

	@Override
	public boolean isRunning() {
		return this.memberships.stream().anyMatch(CpgMembership::isRunning);
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
