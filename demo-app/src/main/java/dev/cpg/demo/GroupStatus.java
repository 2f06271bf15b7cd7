package dev.cpg.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroupSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The group as it is now, in the form that the page receives.
 *
 * @param group the group's name
 * @param connected whether this service is a member
 * @param reason why it is not, if that is known
 * @param local this service's address, if it has one
 * @param members the members of the group
 * @param ring the ring, if this service is a member
 * @param quorum what is known of the ring's quorum
 * @param lead who leads
 * @param leading whether this service does
 * @param nodeNames the names of those of the cluster's nodes that have one, by id
 */
record GroupStatus(String group, boolean connected, @Nullable String reason, @Nullable String local,
		List<Member> members, @Nullable Ring ring, CpgQuorumState quorum, Lead lead, boolean leading,
		Map<Long, String> nodeNames) {

	static GroupStatus of(CpgGroup group, Lead lead, boolean leading) {
		CpgGroupSnapshot now = group.getSnapshot();
		CpgAddress local = now.localAddress();
		return new GroupStatus(group.getName(), now.state() == CpgGroup.State.JOINED,
				(now.failure() != null) ? now.failure().getMessage() : null, (local != null) ? local.toString() : null,
				now.members().stream().map((member) -> Member.of(member, now.names())).toList(),
				now.ring().equals(RingId.NONE) ? null : new Ring(now.ring().toString(), now.ringNodeIds()),
				now.quorum(), lead, leading, now.names().nodes());
	}

	record Member(String address, String name, long nodeId, long pid, Instant since, boolean local) {

		static Member of(CpgGroup.Member member, CpgNames names) {
			return new Member(member.address().toString(), names.format(member.address()), member.address().nodeId(),
					member.address().pid(), member.since(), member.local());
		}

	}

	record Ring(String id, List<Long> nodes) {
	}

}
