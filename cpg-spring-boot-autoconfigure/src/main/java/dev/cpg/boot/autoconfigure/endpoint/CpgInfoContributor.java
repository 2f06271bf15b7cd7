package dev.cpg.boot.autoconfigure.endpoint;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.cpg.spring.leadership.election.Leader;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.RoleStatus;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Shows in {@code info} who leads each role: {@code cpg.leaders}.
 */
final class CpgInfoContributor implements InfoContributor {

	private final Collection<LeaderElection> elections;

	CpgInfoContributor(Collection<LeaderElection> elections) {
		this.elections = elections;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> leaders = new LinkedHashMap<>();
		for (LeaderElection election : this.elections) {
			election.roles().forEach((role) -> leaders.put(role, describe(election, role)));
		}
		if (!leaders.isEmpty()) {
			builder.withDetail("cpg", Map.of("leaders", leaders));
		}
	}

	private static Map<String, Object> describe(LeaderElection election, String role) {
		RoleStatus status = election.status(role);
		Leader leader = (status != null) ? status.leader() : null;
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("group", election.group());
		if (leader != null) {
			described.put("leader", leader.address().toString());
			described.put("token", leader.token());
		}
		described.put("leading", status != null && status.isLeader());
		described.put("exclusive", election.whyNotExclusive() == null);
		return described;
	}

}
