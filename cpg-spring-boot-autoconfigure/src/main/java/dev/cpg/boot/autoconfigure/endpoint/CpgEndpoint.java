package dev.cpg.boot.autoconfigure.endpoint;

import java.util.List;

import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.AddressDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.ChangeDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.CountersDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.MemberDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.RingDescriptor;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.SentDescriptor;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgObserver.Outcome;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Shows the group as this service knows it. It never asks the daemon.
 */
@Endpoint(id = "cpg")
final class CpgEndpoint {

	private final CpgMembership membership;

	private final CpgActivity activity;

	CpgEndpoint(CpgMembership membership, CpgActivity activity) {
		this.membership = membership;
		this.activity = activity;
	}

	@ReadOperation
	CpgDescriptor cpg() {
		CpgGroup group = this.membership.getGroup();
		CpgAddress local = group.getLocalAddress();
		Throwable failure = group.getFailure();
		List<Member> members = group.getMembers();
		CpgNames names = group.getNames();
		return new CpgDescriptor(names.cluster(), group.getName(), group.getState(),
				(failure != null) ? failure.getMessage() : null,
				(local != null) ? AddressDescriptor.of(local, names) : null,
				members.stream().map((member) -> MemberDescriptor.of(member, names)).toList(),
				members.isEmpty() ? null : RingDescriptor.of(group.getRing(), group.getRingNodeIds()),
				this.activity.lastChanges().stream().map(ChangeDescriptor::of).toList(), counters());
	}

	private CountersDescriptor counters() {
		SentDescriptor sent = new SentDescriptor(this.activity.sent(Outcome.DELIVERED),
				this.activity.sent(Outcome.LOST), this.activity.sent(Outcome.UNKNOWN),
				this.activity.sent(Outcome.REJECTED));
		return new CountersDescriptor(sent, this.activity.delivered(), this.activity.changes(),
				this.activity.reconnects(), this.membership.getDeliveryQueueBytes());
	}

}
