package dev.cpg.benchmarks;

import dev.cpg.benchmarks.failover.Failover;
import dev.cpg.benchmarks.failover.LeaseMargin;
import dev.cpg.embedded.Storms;
import dev.cpg.test.CorosyncClusterException;

/**
 * The main class of {@code scripts/bench}.
 */
public final class BenchMain {

	private BenchMain() {
	}

	/**
	 * Measures, and prints the figures.
	 * @param args {@code full}, {@code quick}, {@code pauses N}, {@code tuning},
	 * {@code spring}, {@code startup}, {@code embedded}, {@code failover ROUNDS SLOW},
	 * {@code lease STOPS}, {@code peers}, {@code peers-quick} or
	 * {@code one SIDE NODES SIZE SECONDS}
	 */
	public static void main(String[] args) {
		try {
			switch (args[0]) {
				case "full" -> new Report(System.out).print(SideBySide.run(Scale.FULL));
				case "quick" -> new Report(System.out).print(SideBySide.run(Scale.QUICK));
				case "pauses" -> Pauses.run(Integer.parseInt(args[1]));
				case "tuning" -> Tuning.run();
				case "spring" -> new Report(System.out).print(SpringLayer.messages());
				case "startup" -> new Report(System.out).print(SpringLayer.startUps());
				case "embedded" -> Storms.run(System.out);
				case "failover" -> Failover.run(Integer.parseInt(args[1]), Integer.parseInt(args[2]), System.out);
				case "lease" -> LeaseMargin.run(Integer.parseInt(args[1]), System.out);
				case "peers" -> new PeersReport(Peers.run(PeersScale.FULL)).print(System.out);
				case "peers-quick" -> new PeersReport(Peers.run(PeersScale.QUICK)).print(System.out);
				case "one" -> One.run(args);
				default -> throw new BenchmarkException("There is no '" + args[0] + "'", null);
			}
		}
		catch (BenchmarkException | CorosyncClusterException ex) {
			System.err.println("bench: " + ex.getMessage());
			System.exit(1);
		}
		// Some thread may still wait for a process.
		System.exit(0);
	}

}
