package dev.cpg.benchmarks;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/**
 * Prints the results: a table for people, then a line for each figure.
 */
final class Report {

	private final PrintStream out;

	Report(PrintStream out) {
		this.out = out;
	}

	void print(Results results) {
		if (results.cases().isEmpty()) {
			printRanges(results);
		}
		else {
			printCases(results);
		}
		line("");
		results.figures().forEach((name, figure) -> line("%s=%.3f", name, figure.median()));
		line("");
		Map<String, String> verdicts = Targets.of(results);
		verdicts.forEach((name, verdict) -> line("target.%s=%s", name, verdict));
		long met = verdicts.values().stream().filter((verdict) -> verdict.startsWith("met")).count();
		line("targets.met=%d", met);
		line("targets.missed=%d", verdicts.size() - met);
	}

	private void printRanges(Results results) {
		line("%-34s %34s", "figure", "median (min to max)");
		results.figures().forEach((name, figure) -> line("%-34s %34s", name, text(figure)));
	}

	private void printCases(Results results) {
		line("%-26s %-10s %34s %34s %7s", "case", "unit", "ours: median (min to max)", "libcpg: median (min to max)",
				"ratio");
		for (Case measured : results.cases()) {
			line("%-26s %-10s %34s %34s %7.2f", measured.name(), measured.unit(), text(measured.of(Side.OURS)),
					text(measured.of(Side.LIBCPG)), measured.ratio());
		}
		line("");
		for (Case measured : results.cases()) {
			line("ratio.%s=%.3f", measured.name(), measured.ratio());
		}
	}

	private static String text(Figure figure) {
		String format = (figure.median() >= 1000) ? "%,.0f (%,.0f to %,.0f)" : "%.3f (%.3f to %.3f)";
		return String.format(Locale.ROOT, format, figure.median(), figure.min(), figure.max());
	}

	private void line(String format, Object... arguments) {
		this.out.println(String.format(Locale.ROOT, format, arguments));
	}

}
