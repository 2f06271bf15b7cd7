package dev.cpg.boot.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.cpg.client.internal.log.CpgLog;

import org.springframework.util.unit.DataSize;

/**
 * How many bytes may wait for the listeners of each group. They wait on the heap, which
 * the application needs, too: all groups together take at most a quarter of it, unless
 * more is set, which is warned of.
 */
final class QueueCapacities {

	/** What suffices for a group, however large the heap is. */
	private static final DataSize LARGEST_DEFAULT = DataSize.ofMegabytes(64);

	private final DataSize share;

	private final DataSize defaultCapacity;

	/**
	 * Creates the capacities of a service's groups.
	 * @param maxHeap the largest size of the heap, in bytes
	 * @param groups the number of groups
	 */
	QueueCapacities(long maxHeap, int groups) {
		this.share = DataSize.ofBytes(Math.max(1, maxHeap / 4));
		long each = Math.max(1, this.share.toBytes() / groups);
		this.defaultCapacity = DataSize.ofBytes(Math.min(each, LARGEST_DEFAULT.toBytes()));
	}

	/**
	 * Creates the capacities of a service's groups in this JVM.
	 * @param first what is set for {@code cpg.group}
	 * @param additional what is set for each additional group
	 */
	static QueueCapacities of(CpgGroupProperties first, Collection<CpgGroupProperties> additional) {
		List<CpgGroupProperties> all = new ArrayList<>(additional);
		all.add(first);
		QueueCapacities capacities = new QueueCapacities(Runtime.getRuntime().maxMemory(), all.size());
		capacities.warnIfTooMuch(all);
		return capacities;
	}

	DataSize of(CpgGroupProperties properties) {
		DataSize set = properties.getDelivery().getQueueCapacity();
		return (set != null) ? set : this.defaultCapacity;
	}

	void warnIfTooMuch(List<CpgGroupProperties> groups) {
		long total = groups.stream().mapToLong((group) -> of(group).toBytes()).reduce(0, QueueCapacities::add);
		if (total > this.share.toBytes()) {
			CpgLog.LISTENERS.warn()
				.with("bytes", total)
				.with("heap", 4 * this.share.toBytes())
				.log("Up to {} may wait for the listeners of {} (cpg.delivery.queue-capacity), which is more than a "
						+ "quarter of the heap of {}: behind a slow listener the application can run out of memory. "
						+ "Set less, or give the JVM a larger heap (-Xmx)", text(total),
						(groups.size() == 1) ? "the group" : "all " + groups.size() + " groups together",
						text(4 * this.share.toBytes()));
		}
	}

	private static long add(long one, long other) {
		return (Long.MAX_VALUE - one < other) ? Long.MAX_VALUE : one + other;
	}

	private static String text(long bytes) {
		return (bytes < DataSize.ofMegabytes(1).toBytes()) ? bytes + "B" : DataSize.ofBytes(bytes).toMegabytes() + "MB";
	}

}
