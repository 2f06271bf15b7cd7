package dev.cpg.benchmarks.failover;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The times of one kind and side.
 */
final class Times {

	private static final double NANOS_PER_MILLI = 1e6;

	private final List<Double> millis = new ArrayList<>();

	void add(long nanos) {
		this.millis.add(nanos / NANOS_PER_MILLI);
	}

	int count() {
		return this.millis.size();
	}

	/** The time that a share of all does not exceed. */
	double percentile(double share) {
		Collections.sort(this.millis);
		return this.millis.get(Math.max(0, (int) Math.ceil(share * this.millis.size()) - 1));
	}

	void print(String name, PrintStream out) {
		out.printf(Locale.ROOT, "%s.p50_ms=%.1f%n", name, percentile(0.5));
		out.printf(Locale.ROOT, "%s.p99_ms=%.1f%n", name, percentile(0.99));
		out.printf(Locale.ROOT, "%s.max_ms=%.1f%n", name, percentile(1));
		out.printf(Locale.ROOT, "%s.rounds=%d%n", name, count());
	}

}
