package dev.cpg.spring.leadership.election;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLine;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the log what happens to the leaderships of a group.
 */
final class LeadershipLog {

	private final String group;

	LeadershipLog(String group) {
		this.group = group;
	}

	void granted(String role, long token) {
		CpgLog.LEADERSHIP.info()
			.with("group", this.group)
			.with("role", role)
			.with("token", token)
			.log("This service leads '{}' in group '{}' with token {}", role, this.group, token);
	}

	void revoked(String role, long token, Reason reason) {
		CpgLog.LEADERSHIP.info()
			.with("group", this.group)
			.with("role", role)
			.with("token", token)
			.log("This service leads '{}' in group '{}' no more: {} (token {})", role, this.group, reason, token);
	}

	void leaderChanged(String role, @Nullable Leader leader, @Nullable Vacancy vacancy) {
		LogLine line = CpgLog.LEADERSHIP.info().with("group", this.group).with("role", role);
		if (leader != null) {
			line.log("The leader of '{}' in group '{}' is {} with token {}", role, this.group, leader.address(),
					leader.token());
		}
		else {
			line.log("There is no leader of '{}' in group '{}': {}", role, this.group, vacancy);
		}
	}

	void suspected(CpgAddress member) {
		CpgLog.LEADERSHIP.warn()
			.with("group", this.group)
			.with("member", member)
			.log("Member {} of group '{}' seems to hang: it is a member and says nothing", member, this.group);
	}

	void failed(Throwable failure) {
		CpgLog.LEADERSHIP.error()
			.with("group", this.group)
			.cause(failure)
			.log("The election in group '{}' has failed, so the connection is opened anew: {}", this.group, failure);
	}

}
