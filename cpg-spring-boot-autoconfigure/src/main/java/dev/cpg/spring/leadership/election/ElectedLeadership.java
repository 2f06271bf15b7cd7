package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.leadership.CpgLeadership;

/**
 * The leadership of a role, as the election knows it.
 */
final class ElectedLeadership implements CpgLeadership {

	private final String role;

	private final LeaderElection election;

	ElectedLeadership(String role, LeaderElection election) {
		this.role = role;
		this.election = election;
	}

	@Override
	public String role() {
		return this.role;
	}

	@Override
	public OptionalLong token() {
		RoleStatus status = this.election.status(this.role);
		return (status != null) ? status.token() : OptionalLong.empty();
	}

	@Override
	public Optional<CpgAddress> leader() {
		RoleStatus status = this.election.status(this.role);
		Leader leader = (status != null) ? status.leader() : null;
		return Optional.ofNullable(leader).map(Leader::address);
	}

	@Override
	public void yield() {
		this.election.giveUp(this.role);
	}

	@Override
	public boolean await(Duration timeout) throws InterruptedException {
		return this.election.await(this.role, timeout);
	}

	@Override
	public String toString() {
		return "CpgLeadership[role=%s, token=%s, leader=%s]".formatted(this.role, token(), leader());
	}

}
