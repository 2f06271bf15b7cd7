package dev.cpg.embedded;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgTotemConfiguration;

/**
 * What it takes inside the JVM that all members of a group join at once, that their
 * cluster is cut in half, and that the halves merge: from three nodes up to a cluster
 * larger than one machine could run.
 */
public final class Storms {

	private static final CpgGroupName GROUP = CpgGroupName.of("storm");

	private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);

	private static final long LOOK_NANOS = 200_000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private final EmbeddedCluster cluster;

	private final List<EmbeddedConnection> members = new ArrayList<>();

	private final AtomicLong notifications = new AtomicLong();

	private Storms(int nodes, int size) {
		this.cluster = EmbeddedCluster.builder().nodes(nodes).formationDelay(Duration.ZERO).start();
		for (int i = 0; i < size; i++) {
			CpgConnector connector = this.cluster.nodes().get(i % nodes).connector(i + 1);
			this.members.add((EmbeddedConnection) connector.connect(new Receiver()));
		}
	}

	/**
	 * Measures clusters of some sizes, and prints a table.
	 * @param out where to
	 */
	public static void run(PrintStream out) {
		// What is measured is compiled by then.
		measure(16, 1500);
		out.println("| nodes | members | what | time | processor | allocated | kept | notifications |");
		out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
		int[][] sizes = { { 3, 30 }, { 3, 300 }, { 8, 750 }, { 16, 1500 }, { 32, 3000 } };
		for (int[] size : sizes) {
			measure(size[0], size[1]).forEach(out::println);
		}
	}

	private static List<String> measure(int nodes, int size) {
		Storms storms = new Storms(nodes, size);
		// Each member is notified of its join, of all later ones, and of the ring.
		long ofJoins = size * (size + 1L) / 2 + size;
		try {
			return List.of(storms.measure("joins at once", storms::join, ofJoins),
					storms.measure("cut in half", storms::cut, 2L * size),
					storms.measure("merge", storms.cluster::heal, 2L * size));
		}
		finally {
			storms.cluster.close();
		}
	}

	private void join() {
		this.members.forEach((member) -> member.startJoin(GROUP));
	}

	private void cut() {
		this.cluster
			.partition(IntStream.rangeClosed(1, this.cluster.nodes().size() / 2).boxed().collect(Collectors.toSet()));
	}

	private String measure(String what, Runnable change, long expected) {
		long usedBefore = usedMemory();
		long allocatedBefore = allocated();
		long processorBefore = SYSTEM.getProcessCpuTime();
		this.notifications.set(0);
		long start = System.nanoTime();
		change.run();
		while (this.notifications.get() < expected) {
			if (System.nanoTime() - start > LIMIT_NANOS) {
				throw new IllegalStateException(
						what + ": " + this.notifications + " of " + expected + " notifications");
			}
			LockSupport.parkNanos(LOOK_NANOS);
		}
		long time = System.nanoTime() - start;
		long processor = SYSTEM.getProcessCpuTime() - processorBefore;
		long allocated = allocated() - allocatedBefore;
		return String.format(Locale.ROOT, "| %d | %,d | %s | %,.0f ms | %,.0f ms | %,.1f MB | %,.1f MB | %,d |",
				this.cluster.nodes().size(), this.members.size(), what, time / 1e6, processor / 1e6, allocated / 1e6,
				Math.max(0, usedMemory() - usedBefore) / 1e6, this.notifications.get());
	}

	private static long usedMemory() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static long allocated() {
		return LongStream.of(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())).sum();
	}

	/** Counts the changes that it is notified of. */
	private final class Receiver implements CpgListener {

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			Storms.this.notifications.incrementAndGet();
		}

		@Override
		public void totemChanged(CpgTotemConfiguration configuration) {
			Storms.this.notifications.incrementAndGet();
		}

	}

}
