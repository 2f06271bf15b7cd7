package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.History;

/**
 * The shortest history of what is wrong as a text, in the order of time, with the faults
 * of its time.
 */
final class Excerpt {

	/** What happened before may be the reason. */
	private static final long BEFORE = 3_000_000_000L;

	private static final int LONGEST = 60;

	private static final int LONGEST_LINE = 300;

	private final List<Line> lines = new ArrayList<>();

	/**
	 * Creates it.
	 * @param part the lines that show it
	 * @param all all histories
	 */
	Excerpt(List<History> part, List<History> all) {
		for (History history : part) {
			if (!history.name().equals(History.INJECTOR)) {
				history.entries().forEach((entry) -> this.lines.add(new Line(history.name(), entry)));
			}
		}
		List<Line> shown = List.copyOf(this.lines);
		for (History history : all) {
			if (history.name().equals(History.INJECTOR)) {
				history.entries()
					.stream()
					.filter((entry) -> shown.isEmpty()
							|| shown.stream().anyMatch((line) -> isBefore(entry, line.entry)))
					.forEach((entry) -> this.lines.add(new Line(history.name(), entry)));
			}
		}
		this.lines.sort(Comparator.comparingLong((line) -> line.entry.time()));
	}

	private static boolean isBefore(Entry fault, Entry line) {
		return fault.time() <= line.time() && fault.time() >= line.time() - BEFORE;
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		long begin = this.lines.isEmpty() ? 0 : this.lines.get(0).entry.time();
		int width = this.lines.stream().mapToInt((line) -> line.process.length()).max().orElse(0);
		for (int i = 0; i < this.lines.size(); i++) {
			if (this.lines.size() <= LONGEST || i < LONGEST / 2 || i >= this.lines.size() - LONGEST / 2) {
				text.append(this.lines.get(i).text(begin, width)).append('\n');
			}
			else if (i == LONGEST / 2) {
				text.append("    (%d lines)\n".formatted(this.lines.size() - LONGEST));
			}
		}
		return text.toString();
	}

	/**
	 * A line of a process.
	 *
	 * @param process the name of its history
	 * @param entry the line
	 */
	private record Line(String process, Entry entry) {

		private String text(long begin, int width) {
			String line = this.entry.toString();
			String what = line.substring(line.indexOf(' ') + 1);
			return "  %12.6f  %s  %s".formatted((this.entry.time() - begin) / 1e9,
					this.process + " ".repeat(width - this.process.length()),
					what.substring(0, Math.min(LONGEST_LINE, what.length())));
		}

	}

}
