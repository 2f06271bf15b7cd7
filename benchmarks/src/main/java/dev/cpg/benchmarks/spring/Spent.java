package dev.cpg.benchmarks.spring;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.ThreadMXBean;

/**
 * What the threads of this JVM have spent so far, without the compiler's and the garbage
 * collector's, and without the cluster's own, which does the same for everybody.
 *
 * @param nanos each thread's processor time, by thread id
 * @param bytes what each thread has allocated
 */
record Spent(Map<Long, Long> nanos, Map<Long, Long> bytes) {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final String CLUSTER_THREAD = "-engine";

	static Spent now() {
		long[] ids = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
			.filter((thread) -> thread != null && !thread.getThreadName().endsWith(CLUSTER_THREAD))
			.mapToLong(ThreadInfo::getThreadId)
			.toArray();
		return new Spent(byThread(ids, THREADS.getThreadCpuTime(ids)),
				byThread(ids, THREADS.getThreadAllocatedBytes(ids)));
	}

	private static Map<Long, Long> byThread(long[] ids, long[] values) {
		Map<Long, Long> result = new HashMap<>();
		for (int i = 0; i < ids.length; i++) {
			result.put(ids[i], Math.max(0, values[i]));
		}
		return result;
	}

	long nanosSince(Spent before) {
		return difference(this.nanos, before.nanos);
	}

	long bytesSince(Spent before) {
		return difference(this.bytes, before.bytes);
	}

	/** A thread that has ended meanwhile does not count. */
	private static long difference(Map<Long, Long> after, Map<Long, Long> before) {
		return after.entrySet()
			.stream()
			.mapToLong((thread) -> Math.max(0, thread.getValue() - before.getOrDefault(thread.getKey(), 0L)))
			.sum();
	}

}
