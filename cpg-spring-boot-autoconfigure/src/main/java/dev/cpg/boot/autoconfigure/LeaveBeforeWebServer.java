package dev.cpg.boot.autoconfigure;

import java.util.Collection;

import dev.cpg.spring.CpgMembership;

import org.springframework.context.SmartLifecycle;

/**
 * Leaves the groups before the web server stops taking requests, so that the other
 * members know that this service goes while it still answers those who do not know yet.
 * <p>
 * A lifecycle has one phase, in which it starts and stops. The membership's is early, to
 * be there before the first request, and would end it after the last. This one's is later
 * than the web server's two ({@code DEFAULT_PHASE - 1024} and {@code - 2048}), and so it
 * is stopped before them; it is earlier than the default one, so that what the
 * application itself stops there is still a member and may say goodbye. It has no state
 * of its own: what it finds running it stops, and whoever starts only this one, as a
 * restore from a checkpoint does with what was running, gets the membership back.
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
