package dev.cpg.boot.autoconfigure.endpoint;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgGroupChange;
import dev.cpg.spring.CpgGroupChange.Kind;
import dev.cpg.spring.CpgGroupSnapshot;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.election.Leader;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.RoleStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint shows of a membership.
 *
 * @param cluster the cluster's name, if that is known
 * @param group the group's name
 * @param mode what the group runs on, {@code corosync} or {@code embedded}; none if that
 * is a connector of the application's own
 * @param state whether this service is a member
 * @param reason why it is not, if that is known
 * @param synchronizing whether the cluster takes no messages at the moment
 * @param member this service's own address, if it has one
 * @param members who is in the group
 * @param ring the ring, if this service is a member
 * @param leadership how the roles of the group stand, none without roles
 * @param changes the last changes of the members and of this service's connection, the
 * latest first
 * @param counters how many messages and changes there were since the start
 * @param batching whether messages go in batches, and if not, whose fault that is
 * @param otherGroups the names of the other groups that this service joins
 */
record CpgDescriptor(@Nullable String cluster, String group, @Nullable String mode, State state,
		@Nullable String reason, boolean synchronizing, @Nullable AddressDescriptor member,
		List<MemberDescriptor> members, @Nullable RingDescriptor ring, List<RoleDescriptor> leadership,
		List<ChangeDescriptor> changes, CountersDescriptor counters, BatchingDescriptor batching,
		List<String> otherGroups) implements OperationResponseBody {

	static @Nullable String text(@Nullable Throwable failure) {
		return (failure == null) ? null : Objects.requireNonNullElse(failure.getMessage(), failure.toString());
	}

	/**
	 * Names a member.
	 */
	record AddressDescriptor(String name, long node, long pid) {

		static AddressDescriptor of(CpgAddress address, CpgNames names) {
			return new AddressDescriptor(names.format(address), address.nodeId(), address.pid());
		}

	}

	/**
	 * A member, since when this service knows of it, whether its node is not in the ring,
	 * and whether it seems to hang.
	 */
	record MemberDescriptor(String name, long node, long pid, Instant since, boolean local, boolean suspect,
			boolean hung) {

		static MemberDescriptor of(Member member, CpgNames names, boolean suspect, boolean hung) {
			return new MemberDescriptor(names.format(member.address()), member.address().nodeId(),
					member.address().pid(), member.since(), member.local(), suspect, hung);
		}

	}

	/**
	 * A ring; its id as corosync logs it, the id's parts, its nodes, which are not known
	 * yet when the members of a new ring are, and what is known of its quorum.
	 */
	record RingDescriptor(String id, long representative, long sequence, @Nullable List<Long> nodes,
			CpgQuorumState quorum) {

		static RingDescriptor of(CpgGroupSnapshot group) {
			RingId ring = group.ring();
			return new RingDescriptor(ring.toString(), ring.nodeId(), ring.sequence(),
					group.knowsRingNodes() ? group.ringNodeIds() : null, group.quorum());
		}

	}

	/**
	 * A role: its leader and the leader's token, or why there is none; whether this
	 * service leads, and how long without renewal; and whether only one can lead, or why
	 * not.
	 */
	record RoleDescriptor(String role, @Nullable AddressDescriptor leader, @Nullable Long token,
			@Nullable Vacancy vacancy, boolean leading, long leaseLeftMillis, boolean exclusive,
			@Nullable String notExclusive, long changes, long staleTokens) {

		static List<RoleDescriptor> of(LeaderElection election, CpgNames names) {
			return election.roles().stream().map((role) -> of(election, role, names)).toList();
		}

		private static RoleDescriptor of(LeaderElection election, String role, CpgNames names) {
			RoleStatus status = election.status(role);
			Leader leader = (status != null) ? status.leader() : null;
			Vacancy none = (status != null) ? status.vacancy() : Vacancy.DISCONNECTED;
			return new RoleDescriptor(role, (leader != null) ? AddressDescriptor.of(leader.address(), names) : null,
					(leader != null) ? leader.token() : null, (leader != null) ? null : none,
					status != null && status.isLeader(), (status != null) ? status.leaseLeft().toMillis() : 0,
					election.whyNotExclusive() == null, election.whyNotExclusive(), election.changes(role).count(),
					election.staleTokens());
		}

	}

	/**
	 * A change of the members, with the ring and their number after it; or a change of
	 * this service's connection, with the reason if it ended.
	 */
	record ChangeDescriptor(Instant time, Kind kind, @Nullable String ring, int members, List<ReasonDescriptor> joined,
			List<ReasonDescriptor> left, @Nullable String reason) {

		static ChangeDescriptor of(CpgGroupChange change) {
			CpgView view = change.view();
			return new ChangeDescriptor(change.time(), change.kind(),
					view.ring().equals(RingId.NONE) ? null : view.ring().toString(), view.members().size(),
					change.joined().stream().map(ReasonDescriptor::of).toList(),
					change.left().stream().map(ReasonDescriptor::of).toList(), text(change.cause()));
		}

	}

	/**
	 * A member that joined or left, and why.
	 */
	record ReasonDescriptor(long node, long pid, String reason) {

		static ReasonDescriptor of(CpgMember member) {
			return new ReasonDescriptor(member.address().nodeId(), member.address().pid(), member.reason().name());
		}

	}

	/**
	 * Numbers of messages and changes since the start, and what waits for the listeners.
	 */
	record CountersDescriptor(SentDescriptor sent, long delivered, long unconverted, long dropped, long changes,
			long reconnects, long deliveryQueueBytes, long deliveryLagMillis) {
	}

	/**
	 * Whether messages may go in batches and do so now, the members that are not known to
	 * read them, and how many batches there were, with how many messages.
	 */
	record BatchingDescriptor(boolean enabled, boolean inUse, List<AddressDescriptor> unable, long sent,
			long sentMessages, long delivered, long deliveredMessages, long stale) {

		static BatchingDescriptor of(CpgBatchStatistics batches, CpgNames names) {
			return new BatchingDescriptor(batches.enabled(), batches.inUse(),
					batches.unable().stream().map((member) -> AddressDescriptor.of(member, names)).toList(),
					batches.sent(), batches.sentMessages(), batches.delivered(), batches.deliveredMessages(),
					batches.stale());
		}

	}

	/**
	 * Messages sent, by outcome.
	 */
	record SentDescriptor(long delivered, long lost, long unknown, long rejected) {
	}

}
