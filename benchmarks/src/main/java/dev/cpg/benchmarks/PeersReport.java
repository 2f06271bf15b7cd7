package dev.cpg.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints what {@code scripts/bench peers} has measured: a table for people, then ratios
 * and targets, each on a line.
 */
final class PeersReport {

	private static final String THROUGHPUT = "throughput.";

	private static final String CLIENT = "client.";

	private static final String ROUND_TRIP = "roundtrip.";

	private static final int LARGE = 8192;

	private final PeersResults results;

	private final List<String> lines = new ArrayList<>();

	private final List<String> targets = new ArrayList<>();

	PeersReport(PeersResults results) {
		this.results = results;
	}

	void print(PrintStream out) {
		table();
		for (String name : this.results.names()) {
			if (name.startsWith(THROUGHPUT)) {
				throughput(name, name.substring(THROUGHPUT.length()));
			}
			else if (name.startsWith(CLIENT)) {
				client(name);
			}
		}
		for (String nodes : List.of("1node", "3nodes")) {
			roundTrip(ROUND_TRIP + nodes);
		}
		this.results.stalls().forEach((run, count) -> line("stalled.%s=%d", run, count));
		this.lines.addAll(this.targets);
		long met = this.targets.stream().filter((line) -> line.contains("=met")).count();
		line("targets.met=%d", met);
		line("targets.missed=%d", this.targets.size() - met);
		this.lines.forEach(out::println);
	}

	private void table() {
		StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-32s", "case"));
		for (PeersSide side : PeersSide.values()) {
			head.append(String.format(Locale.ROOT, " %14s", side));
		}
		this.lines.add(head.toString());
		for (String name : this.results.names()) {
			StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-32s", name));
			for (PeersSide side : PeersSide.values()) {
				double median = this.results.has(name, side) ? this.results.median(name, side) : Double.NaN;
				row.append(String.format(Locale.ROOT, (median >= 1000) ? " %,14.0f" : " %14.2f", median));
			}
			this.lines.add(row.toString());
		}
		line("");
	}

	private void throughput(String name, String shown) {
		double ours = ours(name);
		double libcpg = ours / this.results.median(name, PeersSide.LIBCPG);
		PeersSide best = this.results.bestOfJGroups(name);
		double jGroups = ours / this.results.median(name, best);
		line("ratio.%s.libcpg=%.3f", shown, libcpg);
		line("ratio.%s.jgroups=%.3f", shown, jGroups);
		line("best.%s.jgroups=%s", shown, best);
		int size = size(name);
		if (size == 64) {
			atLeast(shown + ".libcpg", libcpg, 5);
			atLeast(shown + ".jgroups", jGroups, 3);
		}
		else if (size == 1000) {
			atLeast(shown + ".libcpg", libcpg, 3);
			if (shown.contains("3senders")) {
				atLeast(shown + ".jgroups", jGroups, 1.2);
			}
		}
		else {
			atLeast(shown + ".jgroups", jGroups, 1);
		}
	}

	private void client(String name) {
		atMost(name, ours(name) / this.results.median(name, PeersSide.LIBCPG), (size(name) <= LARGE) ? 1 : 1.3);
	}

	private void roundTrip(String name) {
		atMost(name, ours(name + ".p50") / this.results.median(name + ".p50", PeersSide.OURS), 1.05);
		atMost(name + ".future", this.results.median(name + ".future_p50", best())
				/ this.results.median(name + ".p50", PeersSide.LIBCPG), 1.5);
	}

	/** The side of ours that is compared with the others. */
	private static PeersSide best() {
		return PeersSide.BATCHES;
	}

	private double ours(String name) {
		return this.results.median(name, best());
	}

	private static int size(String name) {
		return Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
	}

	private void atLeast(String name, double value, double least) {
		target(name, value >= least, value, "at least", least);
	}

	private void atMost(String name, double value, double most) {
		target(name, value <= most, value, "at most", most);
	}

	private void target(String name, boolean met, double value, String relation, double limit) {
		this.targets.add(String.format(Locale.ROOT, "target.%s=%s (%.2f, %s %.2f)", name, met ? "met" : "missed", value,
				relation, limit));
	}

	private void line(String format, Object... arguments) {
		this.lines.add(String.format(Locale.ROOT, format, arguments));
	}

}
