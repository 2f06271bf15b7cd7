package dev.cpg.boot.autoconfigure.endpoint;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

import dev.cpg.boot.autoconfigure.CpgEngine;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.AddressDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.BatchingDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.ChangeDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.CountersDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.MemberDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.RingDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.RoleDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.SentDescriptor;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.spring.CpgGroupSnapshot;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgObserver.Outcome;
import dev.cpg.spring.leadership.election.LeaderElection;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows the groups as this service knows them. It never asks the daemon. To give a
 * leadership up takes more access than it has by default.
 */
@Endpoint(id = "cpg", defaultAccess = Access.READ_ONLY)
final class CpgEndpoint {

	private final CpgMembership first;

	private final Collection<CpgMembership> memberships;

	private final Collection<LeaderElection> elections;

	private final CpgActivity activity;

	private final @Nullable String mode;

	/**
	 * Creates an endpoint.
	 * @param first the membership that is shown unless another is asked for
	 * @param memberships all memberships
	 * @param elections the elections of their leaders
	 * @param activity counts what they did
	 * @param engine what they run on, {@code null} if that is a connector of the
	 * application's own
	 */
	CpgEndpoint(CpgMembership first, Collection<CpgMembership> memberships, Collection<LeaderElection> elections,
			CpgActivity activity, @Nullable CpgEngine engine) {
		this.elections = elections;
		this.first = first;
		this.memberships = memberships;
		this.activity = activity;
		this.mode = (engine != null) ? engine.mode().toString() : null;
	}

	@ReadOperation
	CpgDescriptor cpg() {
		return describe(this.first);
	}

	@ReadOperation
	@Nullable CpgDescriptor group(@Selector String group) {
		CpgMembership membership = find(group);
		return (membership != null) ? describe(membership) : null;
	}

	/**
	 * Gives the leadership of a role up, if this service leads it.
	 * @return how the group stands then, {@code null} if there is no such role
	 */
	@WriteOperation
	@Nullable CpgDescriptor giveUp(String role) {
		return giveUp(this.first, role);
	}

	@WriteOperation
	@Nullable CpgDescriptor giveUp(@Selector String group, String role) {
		CpgMembership membership = find(group);
		return (membership != null) ? giveUp(membership, role) : null;
	}

	private @Nullable CpgDescriptor giveUp(CpgMembership membership, String role) {
		LeaderElection election = election(membership);
		if (election == null || !election.roles().contains(role)) {
			return null;
		}
		election.leadership(role).yield();
		return describe(membership);
	}

	private @Nullable CpgMembership find(String group) {
		return this.memberships.stream()
			.filter((membership) -> membership.getGroup().getName().replace('/', '-').equals(group))
			.findFirst()
			.orElse(null);
	}

	private @Nullable LeaderElection election(CpgMembership membership) {
		return this.elections.stream()
			.filter((election) -> election.group().equals(membership.getGroup().getName()))
			.findFirst()
			.orElse(null);
	}

	private CpgDescriptor describe(CpgMembership membership) {
		String name = membership.getGroup().getName();
		CpgGroupSnapshot group = membership.getGroup().getSnapshot();
		CpgAddress local = group.localAddress();
		CpgNames names = group.names();
		List<String> others = this.memberships.stream()
			.map((other) -> other.getGroup().getName())
			.filter((other) -> !Objects.equals(other, name))
			.toList();
		LeaderElection election = election(membership);
		return new CpgDescriptor(names.cluster(), name, this.mode, group.state(), CpgDescriptor.text(group.failure()),
				group.synchronizing(), (local != null) ? AddressDescriptor.of(local, names) : null,
				group.members()
					.stream()
					.map((member) -> MemberDescriptor.of(member, names, group.suspects().contains(member),
							election != null && election.suspects().contains(member.address())))
					.toList(),
				group.members().isEmpty() ? null : RingDescriptor.of(group),
				(election != null) ? RoleDescriptor.of(election, names) : List.of(),
				group.changes().stream().map(ChangeDescriptor::of).toList(), counters(membership),
				BatchingDescriptor.of(membership.getBatchStatistics(), names), others);
	}

	private CountersDescriptor counters(CpgMembership membership) {
		CpgActivity.OfGroup activity = this.activity.of(membership.getGroup().getName());
		SentDescriptor sent = new SentDescriptor(activity.sent(Outcome.DELIVERED), activity.sent(Outcome.LOST),
				activity.sent(Outcome.UNKNOWN), activity.sent(Outcome.REJECTED));
		return new CountersDescriptor(sent, activity.delivered(), activity.unconverted(),
				membership.getDroppedMessages(), activity.changes(), activity.reconnects(),
				membership.getDeliveryQueueBytes(), membership.getDeliveryLag().toMillis());
	}

}
