package dev.cpg.boot.autoconfigure.endpoint;

import java.time.Instant;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgNames;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint shows of a membership.
 *
 * @param cluster the cluster's name, if that is known
 * @param group the group's name
 * @param state whether this service is a member
 * @param reason why it is not, if that is known
 * @param synchronizing whether the cluster takes no messages at the moment
 * @param member this service's own address, if it has one
 * @param members who is in the group
 * @param ring the ring, if this service is a member
 * @param changes the last changes of the members, the latest first
 * @param counters what went through since the start
 * @param otherGroups the names of the other groups that this service joins
 */
record CpgDescriptor(@Nullable String cluster, String group, State state, @Nullable String reason,
		boolean synchronizing, @Nullable AddressDescriptor member, List<MemberDescriptor> members,
		@Nullable RingDescriptor ring, List<ChangeDescriptor> changes, CountersDescriptor counters,
		List<String> otherGroups) implements OperationResponseBody {

	/**
	 * Names a member.
	 */
	record AddressDescriptor(String name, long node, long pid) {

		static AddressDescriptor of(CpgAddress address, CpgNames names) {
			return new AddressDescriptor(names.format(address), address.nodeId(), address.pid());
		}

	}

	/**
	 * A member, since when this service knows of it, and whether its node is not in the
	 * ring.
	 */
	record MemberDescriptor(String name, long node, long pid, Instant since, boolean local, boolean suspect) {

		static MemberDescriptor of(Member member, CpgNames names, boolean suspect) {
			return new MemberDescriptor(names.format(member.address()), member.address().nodeId(),
					member.address().pid(), member.since(), member.local(), suspect);
		}

	}

	/**
	 * A ring; its id as corosync logs it, and the id's parts.
	 */
	record RingDescriptor(String id, long representative, long sequence, List<Long> nodes) {

		static RingDescriptor of(RingId ring, List<Long> nodes) {
			return new RingDescriptor(ring.toString(), ring.nodeId(), ring.sequence(), nodes);
		}

	}

	/**
	 * A change of the members.
	 */
	record ChangeDescriptor(Instant time, String ring, int members, List<ReasonDescriptor> joined,
			List<ReasonDescriptor> left) {

		static ChangeDescriptor of(CpgActivity.Change change) {
			return new ChangeDescriptor(change.time(), change.change().view().ring().toString(),
					change.change().view().members().size(),
					change.change().joined().stream().map(ReasonDescriptor::of).toList(),
					change.change().left().stream().map(ReasonDescriptor::of).toList());
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
	 * What went through since the start, and what waits for the listeners now.
	 */
	record CountersDescriptor(SentDescriptor sent, long delivered, long unconverted, long dropped, long changes,
			long reconnects, long deliveryQueueBytes, long deliveryLagMillis) {
	}

	/**
	 * Messages sent, by what became of them.
	 */
	record SentDescriptor(long delivered, long lost, long unknown, long rejected) {
	}

}
