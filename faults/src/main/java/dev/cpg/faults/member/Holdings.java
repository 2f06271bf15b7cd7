package dev.cpg.faults.member;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process holds.
 *
 * @param threads how many threads it has
 * @param descriptors how many files and sockets are open
 * @param heap how many bytes of the heap are in use after a collection
 * @param names the names of the threads, a number sign for each number, and how many have
 * it
 */
record Holdings(int threads, long descriptors, long heap, List<String> names) {

	private static final int COLLECTIONS = 3;

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** Threads of this name end after an idle second. */
	private static final String PASSING = "cpg-helper";

	private static final int PASSING_PAUSES = 100;

	private static Stream<String> threadNamesNow() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
			.filter(Objects::nonNull)
			.map(ThreadInfo::getThreadName);
	}

	private static List<String> threadNames() {
		Map<String, Long> counts = threadNamesNow().map((thread) -> thread.replaceAll("[0-9]+", "#").replace(',', ';'))
			.collect(Collectors.groupingBy((name) -> name, TreeMap::new, Collectors.counting()));
		return counts.entrySet().stream().map((name) -> name.getKey() + ":" + name.getValue()).toList();
	}

	/** Returns what this process holds when it has nothing to do. */
	static Holdings now() {
		for (int i = 0; i < PASSING_PAUSES && threadNamesNow().anyMatch(PASSING::equals); i++) {
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		// What a reference handler gives back is seen by the next collection.
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return new Holdings(ManagementFactory.getThreadMXBean().getThreadCount(), descriptors.count(),
					ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), threadNames());
		}
		catch (IOException ex) {
			throw new IllegalStateException("The open files cannot be counted: " + ex, ex);
		}
	}

}
