package dev.cpg.benchmarks;

/**
 * The size of a run of {@code scripts/bench peers}.
 *
 * @param rounds how often each side is measured in each case
 * @param runMillis how long a run sends
 * @param compileMillis how long new JVMs send before anything is measured
 * @param pings round trips in each run
 */
record PeersScale(int rounds, long runMillis, long compileMillis, int pings) {

	static final PeersScale FULL = new PeersScale(7, 1000, 16_000, 3000);

	static final PeersScale QUICK = new PeersScale(3, 400, 6000, 1000);

}
