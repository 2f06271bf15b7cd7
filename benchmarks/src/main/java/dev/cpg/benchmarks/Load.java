package dev.cpg.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.cpg.test.CorosyncCluster;

/**
 * Processor time that the daemons and the whole machine have used so far, as the kernel
 * counts it: in ticks of 10 ms.
 *
 * @param nanos when this was read
 * @param main processor time of each daemon's main thread, which does all of corosync's
 * work but sending and receiving packets, in ticks
 * @param daemons processor time of each daemon, in ticks
 * @param busy processor time of the machine, in ticks
 * @param idle time in which its processors had nothing to do, in ticks
 * @see <a href=
 * "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
record Load(long nanos, List<Long> main, List<Long> daemons, long busy, long idle) {

	private static final double NANOS_PER_TICK = 10_000_000;

	private static final int UTIME = 11;

	private static final int IDLE = 3;

	private static final int IOWAIT = 4;

	private static final int STEAL = 7;

	static Load of(CorosyncCluster cluster) {
		try {
			List<Long> main = new ArrayList<>();
			List<Long> daemons = new ArrayList<>();
			for (long pid : cluster.nodes().stream().flatMap((node) -> node.pid().stream()).toList()) {
				Path process = Path.of("/proc", Long.toString(pid));
				main.add(ticks(process.resolve("task").resolve(Long.toString(pid))));
				daemons.add(ticks(process));
			}
			String[] machine = Files.readString(Path.of("/proc/stat"))
				.lines()
				.findFirst()
				.orElseThrow()
				.split(" +", -1);
			long busy = 0;
			long idle = 0;
			for (int field = 0; field <= STEAL; field++) {
				long ticks = Long.parseLong(machine[field + 1]);
				if (field == IDLE || field == IOWAIT) {
					idle += ticks;
				}
				else {
					busy += ticks;
				}
			}
			return new Load(System.nanoTime(), List.copyOf(main), List.copyOf(daemons), busy, idle);
		}
		catch (IOException ex) {
			throw new BenchmarkException("Cannot read the processor time of the daemons: " + ex, ex);
		}
	}

	/** Returns the processor time of a process in seconds. */
	static double seconds(long pid) {
		try {
			return ticks(Path.of("/proc", Long.toString(pid))) * NANOS_PER_TICK / 1e9;
		}
		catch (IOException ex) {
			throw new BenchmarkException("Cannot read the processor time of a process: " + ex, ex);
		}
	}

	private static long ticks(Path process) throws IOException {
		String stat = Files.readString(process.resolve("stat"));
		// The name before the parenthesis may hold blanks.
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
		return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]);
	}

	Share since(Load before) {
		double ticks = (this.nanos - before.nanos) / NANOS_PER_TICK;
		double most = 0;
		double all = 0;
		for (int i = 0; i < this.daemons.size(); i++) {
			most = Math.max(most, (this.main.get(i) - before.main.get(i)) / ticks);
			all += (this.daemons.get(i) - before.daemons.get(i)) / ticks;
		}
		double passed = this.busy - before.busy + this.idle - before.idle;
		return new Share(most, all, (this.busy - before.busy) / Math.max(1, passed));
	}

	/**
	 * Shares of the time that passed.
	 *
	 * @param busiestDaemon of one processor, by the busiest daemon's main thread: 1 is
	 * all that it can use
	 * @param daemons of one processor, all daemons together
	 * @param machine of all processors
	 */
	record Share(double busiestDaemon, double daemons, double machine) {

	}

}
