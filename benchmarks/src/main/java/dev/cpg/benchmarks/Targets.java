package dev.cpg.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The targets of the client, and whether it meets them.
 */
final class Targets {

	/** From this share of a processor on, a single-threaded daemon is the limit. */
	private static final double DAEMON_FULL = 0.85;

	private static final double MACHINE_FULL = 0.95;

	/** The limits for the Spring layer, for each message and at the start. */
	private static final Map<String, Double> SPRING = Map.of("spring.deliver.raw.ns", 3000.0,
			"spring.deliver.raw.bytes", 400.0, "spring.send.raw.ns", 1000.0, "spring.send.raw.bytes", 200.0,
			"startup.more_ms", 150.0);

	private final Results results;

	private final Map<String, String> verdicts = new LinkedHashMap<>();

	private Targets(Results results) {
		this.results = results;
	}

	/** The verdict for each target: met or missed, with the figures. */
	static Map<String, String> of(Results results) {
		Targets targets = new Targets(results);
		for (Case measured : results.cases()) {
			targets.judge(measured);
		}
		results.figures().forEach(targets::judge);
		return targets.verdicts;
	}

	private void judge(Case measured) {
		String name = measured.name();
		if (name.startsWith("throughput.")) {
			atLeast(measured, throughput(name));
		}
		else if (name.startsWith("cpu.")) {
			atMost(name, measured.ratio(), 0.8);
		}
		else if (name.startsWith("roundtrip.")) {
			atMost(name, measured.ratio(), name.endsWith("p50") ? 1.1 : 1.3);
		}
	}

	private double throughput(String name) {
		return switch (name) {
			case "throughput.3nodes.64" -> 3.0;
			case "throughput.3nodes.1000" -> 2.0;
			default -> isDaemonLimit(name.substring("throughput.".length())) ? 0.95 : 1.0;
		};
	}

	/**
	 * Whether the daemons limit our side: the thread of one is fully used, or the machine
	 * is, mostly by them.
	 */
	private boolean isDaemonLimit(String run) {
		double busiest = this.results.figure("daemon." + run + ".ours.busiest").median();
		double all = this.results.figure("daemon." + run + ".ours.all").median();
		double machine = this.results.figure("machine." + run + ".ours").median();
		double used = machine * Runtime.getRuntime().availableProcessors();
		return busiest >= DAEMON_FULL || (machine >= MACHINE_FULL && all > used / 2);
	}

	private void judge(String name, Figure figure) {
		if (name.startsWith("ours.alloc.sent.") && isOneFrame(name)) {
			atMost(name, figure.median(), 64);
		}
		else if (name.startsWith("ours.alloc.received.")) {
			atMost(name, figure.median(), 256);
		}
		else if (name.equals("ours.idle.cpu_ms_per_s")) {
			atMost(name, figure.median(), 0.05);
		}
		else if (SPRING.containsKey(name)) {
			atMost(name, figure.median(), SPRING.get(name));
		}
	}

	/** A message in fragments is several requests, each with its answer. */
	private static boolean isOneFrame(String name) {
		return !name.endsWith(".1048576");
	}

	private void atLeast(Case measured, double least) {
		double ratio = measured.ratio();
		put(measured.name(), ratio >= least, ratio, "at least", least);
	}

	private void atMost(String name, double value, double most) {
		put(name, value <= most, value, "at most", most);
	}

	private void put(String name, boolean met, double value, String relation, double limit) {
		this.verdicts.put(name,
				String.format(Locale.ROOT, "%s (%.2f, %s %.2f)", met ? "met" : "missed", value, relation, limit));
	}

}
