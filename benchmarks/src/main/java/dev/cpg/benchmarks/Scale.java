package dev.cpg.benchmarks;

import java.util.List;

/**
 * The size of a run of the benchmark.
 *
 * @param pairs how often each side is measured in each case, alternately
 * @param runMillis how long a throughput run sends
 * @param compileMillis how long a new JVM sends before anything is measured
 * @param warmUpMillis how long a JVM sends before a case is measured
 * @param pings round trips in each run
 * @param connects connections in each run
 * @param idleMillis how long an idle process is watched
 * @param manySenderSizes message sizes with three senders
 */
record Scale(int pairs, long runMillis, long compileMillis, long warmUpMillis, int pings, int connects, long idleMillis,
		List<Integer> manySenderSizes) {

	static final List<Integer> SIZES = List.of(64, 1000, 8192, 65536, 1048576);

	static final Scale FULL = new Scale(11, 1000, 15_000, 2000, 5000, 50, 10_000, SIZES);

	static final Scale QUICK = new Scale(5, 300, 8000, 700, 2000, 20, 4000, List.of(64, 1000, 8192));

}
