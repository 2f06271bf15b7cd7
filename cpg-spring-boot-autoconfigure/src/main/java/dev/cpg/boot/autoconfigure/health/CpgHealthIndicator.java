package dev.cpg.boot.autoconfigure.health;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while this service is a member of its group. It reads what is known and never asks
 * the daemon, so that it answers at once whatever the cluster does.
 */
final class CpgHealthIndicator extends AbstractHealthIndicator {

	private final CpgGroup group;

	CpgHealthIndicator(CpgGroup group) {
		super("The membership in the group could not be told");
		this.group = group;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.withDetail("group", this.group.getName());
		List<Member> members = this.group.getMembers();
		CpgAddress local = this.group.getLocalAddress();
		if (members.isEmpty() || local == null) {
			builder.down().withDetail("reason", reason());
			return;
		}
		CpgNames names = this.group.getNames();
		if (names.cluster() != null) {
			builder.withDetail("cluster", names.cluster());
		}
		builder.up()
			.withDetail("member", names.format(local))
			.withDetail("ring", this.group.getRing().toString())
			.withDetail("members", members.stream().map((member) -> names.format(member.address())).toList());
	}

	private String reason() {
		Throwable failure = this.group.getFailure();
		if (failure != null) {
			return (failure.getMessage() != null) ? failure.getMessage() : failure.toString();
		}
		return (this.group.getState() == State.DISCONNECTED) ? "There is no connection to the daemon"
				: "There is a connection to the daemon, but this service is not a member of the group";
	}

}
