package dev.cpg.benchmarks.failover;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import dev.cpg.client.CpgGroupName;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.election.ElectionSettings;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.LeaderElectionSettings;
import dev.cpg.spring.leadership.election.RoleStatus;
import dev.cpg.spring.leadership.election.TokenMemory;

import org.springframework.util.backoff.FixedBackOff;

/**
 * A member with the election of this project, as a service has it, without a Spring
 * context.
 */
final class CpgCandidate implements Candidate, AutoCloseable {

	private static final String ROLE = "bench";

	private static final CpgGroupName GROUP = CpgGroupName.of("failover");

	private static final Duration LIMIT = Duration.ofSeconds(10);

	/**
	 * Who has given the leadership up may be elected in the next round. The default is
	 * longer than that.
	 */
	static final int COOLDOWN_MILLIS = 300;

	private final LeaderElection election;

	private final CpgMembership membership;

	CpgCandidate(String socketDirectory, Runnable granted, Runnable noticed) {
		this.election = new LeaderElection(GROUP.text(),
				new LeaderElectionSettings(List.of(new ElectionSettings.Role(ROLE, 0, false)), null, null, null,
						Duration.ofMillis(COOLDOWN_MILLIS), true, false, Map.of()),
				new TokenMemory(null, List::of), List::of);
		this.membership = CpgMembership
			.builder(CorosyncConnector.builder().socketDirectory(Path.of(socketDirectory)).build(), GROUP,
					new CpgMembershipSettings(true, LIMIT, LIMIT, new FixedBackOff(), LIMIT, LIMIT, null), (event) -> {
						if (event instanceof CpgLeadershipGrantedEvent) {
							granted.run();
						}
						else if (event instanceof CpgLeaderChangeEvent change && change.getLeader() == null) {
							noticed.run();
						}
					})
			.interceptor(this.election)
			.build();
		this.membership.start();
		this.election.ready(true);
	}

	CpgLeadership leadership() {
		return this.election.leadership(ROLE);
	}

	/** Returns when the lease ends, by {@link System#nanoTime()}, empty without one. */
	OptionalLong leaseEnd() {
		RoleStatus status = this.election.status(ROLE);
		Duration left = (status != null) ? status.leaseLeft() : Duration.ZERO;
		return left.isZero() ? OptionalLong.empty() : OptionalLong.of(System.nanoTime() + left.toNanos());
	}

	@Override
	public boolean isIn() {
		return leadership().leader().isPresent();
	}

	@Override
	public void giveUp() {
		leadership().yield();
	}

	@Override
	public void close() {
		this.membership.stop();
	}

}
