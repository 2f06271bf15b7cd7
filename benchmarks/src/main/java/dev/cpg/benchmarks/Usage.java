package dev.cpg.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * The resources that this JVM has used so far: the whole process, and the threads of the
 * connection, found by their names.
 */
final class Usage {

	private static final String CONNECTION_THREADS = "cpg-" + JavaPeer.CONNECTION_NAME + "-";

	private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

	private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

	Snapshot now() {
		long nanos = 0;
		long bytes = 0;
		for (ThreadInfo thread : this.threads.getThreadInfo(this.threads.getAllThreadIds())) {
			if (thread != null && thread.getThreadName().startsWith(CONNECTION_THREADS)) {
				nanos += Math.max(0, this.threads.getThreadCpuTime(thread.getThreadId()));
				bytes += Math.max(0, this.threads.getThreadAllocatedBytes(thread.getThreadId()));
			}
		}
		return new Snapshot(this.process.getProcessCpuTime(), nanos, bytes, ownBytes());
	}

	/** Bytes that the calling thread has allocated. */
	long ownBytes() {
		return this.threads.getCurrentThreadAllocatedBytes();
	}

	record Snapshot(long processNanos, long connectionNanos, long connectionBytes, long ownBytes) {

		Snapshot minus(Snapshot before) {
			return new Snapshot(this.processNanos - before.processNanos, this.connectionNanos - before.connectionNanos,
					this.connectionBytes - before.connectionBytes, this.ownBytes - before.ownBytes);
		}

	}

}
