package dev.cpg.boot.autoconfigure.metrics;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgQuorumState;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgMembership;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.DisposableBean;

/**
 * Gauges of the present state of the groups.
 */
final class CpgGroupMetrics implements MeterBinder, DisposableBean {

	private final Collection<CpgMembership> memberships;

	private final List<OwnMeters> bound = new CopyOnWriteArrayList<>();

	CpgGroupMetrics(Collection<CpgMembership> memberships) {
		this.memberships = memberships;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		OwnMeters meters = new OwnMeters(registry);
		this.bound.add(meters);
		this.memberships.forEach((membership) -> bindTo(registry, membership, meters));
	}

	@Override
	public void destroy() {
		this.bound.forEach(OwnMeters::remove);
	}

	private static void bindTo(MeterRegistry registry, CpgMembership membership, OwnMeters meters) {
		CpgGroup group = membership.getGroup();
		Tags tags = Tags.of("group", group.getName());
		meters.add(Gauge.builder("cpg.group.members", group, (it) -> it.getMembers().size())
			.description("Members of the group, this service included; 0 if it is not a member")
			.baseUnit("members")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.ring.nodes", group, (it) -> it.getRingNodeIds().size())
			.description("Nodes of the ring; 0 if this service is not a member of the group")
			.baseUnit("nodes")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.ring.seq", group, (it) -> it.getRing().sequence())
			.description("Sequence number of the ring, which grows with each change of the nodes")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.quorate", group, (it) -> quorate(it.getQuorum()))
			.description("1 if the ring is quorate, 0 if it is not; NaN if that is not known or nobody counts votes")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.connected", group, (it) -> (it.getState() != State.DISCONNECTED) ? 1 : 0)
			.description("1 while there is a connection to the daemon, 0 otherwise")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.delivery.queue.bytes", membership, CpgMembership::getDeliveryQueueBytes)
			.description("Bytes delivered by the daemon that wait for the listeners")
			.baseUnit("bytes")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.delivery.reassembly.bytes", membership, CpgMembership::getReassemblyBytes)
			.description("Memory that messages take of which fragments are missing")
			.baseUnit("bytes")
			.tags(tags)
			.register(registry));
		meters.add(TimeGauge
			.builder("cpg.delivery.lag", membership, TimeUnit.MILLISECONDS, (it) -> it.getDeliveryLag().toMillis())
			.description("How long the oldest of what was delivered has waited for the listeners")
			.tags(tags)
			.register(registry));
		meters.add(FunctionCounter.builder("cpg.messages.dropped", membership, CpgMembership::getDroppedMessages)
			.description("Messages of others that could not be delivered; the log says why")
			.tags(tags)
			.register(registry));
		CpgBatchMetrics.bindTo(registry, membership, tags, meters);
	}

	private static double quorate(CpgQuorumState quorum) {
		return switch (quorum) {
			case QUORATE -> 1;
			case INQUORATE -> 0;
			case NO_PROVIDER, UNKNOWN -> Double.NaN;
		};
	}

}
