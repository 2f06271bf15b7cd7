package dev.cpg.boot.autoconfigure.metrics;

import java.util.function.ToLongFunction;

import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.spring.CpgMembership;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Meters of the batches that messages go in.
 */
final class CpgBatchMetrics {

	private CpgBatchMetrics() {
	}

	static void bindTo(MeterRegistry registry, CpgMembership membership, Tags tags, OwnMeters meters) {
		meters.add(Gauge.builder("cpg.batching", membership, (it) -> it.getBatchStatistics().inUse() ? 1 : 0)
			.description("1 while messages go in batches, 0 if not: it is off, or a member does not read them")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.batching.unable", membership, (it) -> it.getBatchStatistics().unable().size())
			.description("Members that are not known to read batches: while there is any, there are no batches")
			.baseUnit("members")
			.tags(tags)
			.register(registry));
		Tags sent = tags.and("direction", "sent");
		Tags delivered = tags.and("direction", "delivered");
		meters.add(batches(membership, CpgBatchStatistics::sent).tags(sent).register(registry));
		meters.add(batches(membership, CpgBatchStatistics::delivered).tags(delivered).register(registry));
		meters.add(messages(membership, CpgBatchStatistics::sentMessages).tags(sent).register(registry));
		meters.add(messages(membership, CpgBatchStatistics::deliveredMessages).tags(delivered).register(registry));
		meters.add(counter("cpg.batches.stale", membership, CpgBatchStatistics::stale)
			.description("Batches that a join overtook: dropped by all, and their messages sent again")
			.tags(tags)
			.register(registry));
	}

	private static FunctionCounter.Builder<CpgMembership> batches(CpgMembership membership,
			ToLongFunction<CpgBatchStatistics> count) {
		return counter("cpg.batches", membership, count).description("Batches sent, and batches delivered")
			.baseUnit("batches");
	}

	private static FunctionCounter.Builder<CpgMembership> messages(CpgMembership membership,
			ToLongFunction<CpgBatchStatistics> count) {
		return counter("cpg.batches.messages", membership, count).description("Messages that came in batches")
			.baseUnit("messages");
	}

	private static FunctionCounter.Builder<CpgMembership> counter(String name, CpgMembership membership,
			ToLongFunction<CpgBatchStatistics> count) {
		return FunctionCounter.builder(name, membership, (it) -> count.applyAsLong(it.getBatchStatistics()));
	}

}
