package dev.cpg.boot.autoconfigure.health;

import java.util.Collection;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgMembership;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Up while this service is a member of its group and its listeners are told of what
 * happens there. It reads what is known and never asks the daemon, so that it answers at
 * once whatever the cluster does.
 */
final class CpgHealthIndicator extends AbstractHealthIndicator {

	private final CpgMembership membership;

	CpgHealthIndicator(CpgMembership membership) {
		super("The membership in the group could not be told");
		this.membership = membership;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		CpgGroup group = this.membership.getGroup();
		List<Member> members = group.getMembers();
		CpgAddress local = group.getLocalAddress();
		boolean joined = !members.isEmpty() && local != null;
		String stalled = this.membership.getStalledListener();
		CpgNames names = group.getNames();
		builder.status((joined && stalled == null) ? Status.UP : Status.DOWN).withDetail("group", group.getName());
		if (!joined) {
			builder.withDetail("reason", (stalled != null) ? reason(group) + "; " + stalled : reason(group));
		}
		else if (stalled != null) {
			builder.withDetail("reason", stalled);
		}
		if (names.cluster() != null) {
			builder.withDetail("cluster", names.cluster());
		}
		builder.withDetail("connected", joined || group.getState() != State.DISCONNECTED)
			.withDetail("joined", joined)
			.withDetail("synchronizing", group.isSynchronizing())
			.withDetail("deliveryStalled", stalled != null)
			.withDetail("deliveryLag", this.membership.getDeliveryLag().toMillis() + "ms");
		if (local != null && joined) {
			builder.withDetail("member", names.format(local))
				.withDetail("ring", group.getRing().toString())
				.withDetail("members", format(members, names))
				.withDetail("suspects", format(group.getSuspects(), names));
		}
	}

	private static List<String> format(Collection<Member> members, CpgNames names) {
		return members.stream().map((member) -> names.format(member.address())).toList();
	}

	private static String reason(CpgGroup group) {
		Throwable failure = group.getFailure();
		if (failure != null) {
			return (failure.getMessage() != null) ? failure.getMessage() : failure.toString();
		}
		return (group.getState() == State.DISCONNECTED) ? "There is no connection to the daemon"
				: "There is a connection to the daemon, but this service is not a member of the group";
	}

}
