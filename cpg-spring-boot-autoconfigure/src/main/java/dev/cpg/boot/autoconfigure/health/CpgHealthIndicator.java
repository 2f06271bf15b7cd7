package dev.cpg.boot.autoconfigure.health;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.cpg.boot.autoconfigure.CpgEngine;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgGroupSnapshot;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.election.Leader;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.RoleStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * UP while this service is a member of its group and its listeners take events, and if
 * that is asked for while its ring is quorate. It reads a snapshot and never asks the
 * daemon, so it answers at once whatever the cluster does.
 */
final class CpgHealthIndicator extends AbstractHealthIndicator {

	private final CpgMembership membership;

	private final @Nullable CpgEngine engine;

	private final boolean requireQuorum;

	private final @Nullable LeaderElection election;

	/**
	 * Creates an indicator.
	 * @param engine what the group runs on, {@code null} if that is a connector of the
	 * application's own
	 * @param requireQuorum whether it is UP only while the ring is quorate, too
	 * @param election the election of the group's leaders, if there are roles
	 */
	CpgHealthIndicator(CpgMembership membership, @Nullable CpgEngine engine, boolean requireQuorum,
			@Nullable LeaderElection election) {
		super("The health of the membership in the group could not be determined");
		this.membership = membership;
		this.engine = engine;
		this.requireQuorum = requireQuorum;
		this.election = election;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		CpgGroupSnapshot group = this.membership.getGroup().getSnapshot();
		CpgAddress local = group.localAddress();
		boolean joined = group.state() == State.JOINED;
		String stalled = this.membership.getStalledListener();
		CpgNames names = group.names();
		List<String> reasons = Stream.of(joined ? null : reason(group), stalled, lackOfQuorum(group))
			.filter(Objects::nonNull)
			.toList();
		builder.status(reasons.isEmpty() ? Status.UP : Status.DOWN)
			.withDetail("group", this.membership.getGroup().getName());
		if (!reasons.isEmpty()) {
			builder.withDetail("reason", String.join("; ", reasons));
		}
		if (this.engine != null) {
			builder.withDetail("mode", this.engine.mode().toString());
		}
		if (names.cluster() != null) {
			builder.withDetail("cluster", names.cluster());
		}
		builder.withDetail("connected", group.state() != State.DISCONNECTED)
			.withDetail("joined", joined)
			.withDetail("synchronizing", group.synchronizing())
			.withDetail("deliveryStalled", stalled != null)
			.withDetail("deliveryLag", this.membership.getDeliveryLag().toMillis() + "ms");
		String crowd = group.crowd();
		if (crowd != null) {
			builder.withDetail("warning", crowd);
		}
		if (local != null && joined) {
			builder.withDetail("member", names.format(local))
				.withDetail("ring", group.ring().toString())
				.withDetail("quorum", group.quorum().toString())
				.withDetail("members", format(group.members(), names))
				.withDetail("suspects", format(group.suspects(), names));
			if (this.election != null) {
				describe(this.election, names, builder);
			}
		}
	}

	/** Who leads is no matter of this service's health, but asked for when it is bad. */
	private static void describe(LeaderElection election, CpgNames names, Health.Builder builder) {
		if (!election.suspects().isEmpty()) {
			builder.withDetail("hung", election.suspects().stream().sorted().map(names::format).toList());
		}
		Map<String, String> leaders = new LinkedHashMap<>();
		election.roles().forEach((role) -> leaders.put(role, leader(election.status(role), names)));
		if (leaders.isEmpty()) {
			return;
		}
		builder.withDetail("leaders", leaders);
		String shared = election.whyNotExclusive();
		builder.withDetail("exclusive", shared == null);
		if (shared != null) {
			builder.withDetail("notExclusive", "Two members can lead at the same time because of " + shared);
		}
	}

	private static String leader(@Nullable RoleStatus status, CpgNames names) {
		Leader leader = (status != null) ? status.leader() : null;
		if (leader != null) {
			return names.format(leader.address());
		}
		return "none: " + ((status != null) ? status.vacancy() : Vacancy.DISCONNECTED);
	}

	private static List<String> format(Collection<Member> members, CpgNames names) {
		return members.stream().map((member) -> names.format(member.address())).toList();
	}

	/** Without a membership that is the reason. */
	private @Nullable String lackOfQuorum(CpgGroupSnapshot group) {
		if (!this.requireQuorum || group.state() != State.JOINED) {
			return null;
		}
		String lack = switch (group.quorum()) {
			case QUORATE -> null;
			case INQUORATE ->
				"The ring is not quorate, so the cluster may go on without its nodes " + group.ringNodeIds()
					.stream()
					.map((node) -> group.names().nodes().getOrDefault(node, node.toString()))
					.toList();
			case NO_PROVIDER -> "The cluster has no quorum provider, so it is never quorate";
			case UNKNOWN -> "Whether the ring is quorate is not known";
		};
		return (lack != null) ? lack + " (cpg.health.require-quorum=true)" : null;
	}

	private static String reason(CpgGroupSnapshot group) {
		Throwable failure = group.failure();
		if (failure != null) {
			return (failure.getMessage() != null) ? failure.getMessage() : failure.toString();
		}
		return (group.state() == State.DISCONNECTED) ? "There is no connection to the daemon"
				: "There is a connection to the daemon, but this service is not a member of the group";
	}

}
