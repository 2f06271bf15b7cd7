package dev.cpg.boot.autoconfigure.metrics;

import java.util.Collection;
import java.util.concurrent.TimeUnit;

import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgMembership;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Measures how the groups are, now.
 */
final class CpgGroupMetrics implements MeterBinder {

	private final Collection<CpgMembership> memberships;

	CpgGroupMetrics(Collection<CpgMembership> memberships) {
		this.memberships = memberships;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.memberships.forEach((membership) -> bindTo(registry, membership));
	}

	private static void bindTo(MeterRegistry registry, CpgMembership membership) {
		CpgGroup group = membership.getGroup();
		Tags tags = Tags.of("group", group.getName());
		Gauge.builder("cpg.group.members", group, (it) -> it.getMembers().size())
			.description("Members of the group, this service included; 0 if it is not a member")
			.baseUnit("members")
			.tags(tags)
			.register(registry);
		Gauge.builder("cpg.ring.nodes", group, (it) -> it.getRingNodeIds().size())
			.description("Nodes of the ring; 0 if this service is not a member of the group")
			.baseUnit("nodes")
			.tags(tags)
			.register(registry);
		Gauge.builder("cpg.ring.seq", group, (it) -> it.getRing().sequence())
			.description("Sequence number of the ring, which grows with each change of the nodes")
			.tags(tags)
			.register(registry);
		Gauge.builder("cpg.connected", group, (it) -> (it.getState() != State.DISCONNECTED) ? 1 : 0)
			.description("1 while there is a connection to the daemon, 0 otherwise")
			.tags(tags)
			.register(registry);
		Gauge.builder("cpg.delivery.queue.bytes", membership, CpgMembership::getDeliveryQueueBytes)
			.description("Bytes delivered by the daemon that wait for the listeners")
			.baseUnit("bytes")
			.tags(tags)
			.register(registry);
		TimeGauge.builder("cpg.delivery.lag", membership, TimeUnit.MILLISECONDS, (it) -> it.getDeliveryLag().toMillis())
			.description("How long the oldest of what was delivered has waited for the listeners")
			.tags(tags)
			.register(registry);
	}

}
