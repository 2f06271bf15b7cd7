package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.History;
import dev.cpg.faults.history.Kind;

/**
 * Finds a small part of histories that still shows what is wrong: leaves out whole
 * processes, whole kinds of lines, then smaller and smaller parts of the rest, for as
 * long as the time is not up.
 */
final class Reducer {

	private final String what;

	private final Predicate<List<History>> isWrong;

	private final long end;

	/**
	 * Creates it.
	 * @param what what is wrong; processes that it names are likely to be needed
	 * @param isWrong whether a part still shows it
	 * @param end until when it may take, of {@link System#nanoTime()}
	 */
	Reducer(String what, Predicate<List<History>> isWrong, long end) {
		this.what = what;
		this.isWrong = isWrong;
		this.end = end;
	}

	/**
	 * Returns the part.
	 * @param histories what shows it
	 */
	List<History> reduce(List<History> histories) {
		List<Line> lines = new ArrayList<>();
		for (History history : histories) {
			history.entries().forEach((entry) -> lines.add(new Line(history.name(), entry)));
		}
		List<Line> needed = lines;
		needed = without(needed, (line) -> !isNamed(line.process));
		for (History history : histories) {
			needed = without(needed, (line) -> line.process.equals(history.name()));
		}
		for (Kind kind : Kind.values()) {
			needed = without(needed, (line) -> line.entry.kind() == kind);
		}
		needed = new ArrayList<>(needed);
		needed.sort(Comparator.comparingLong((line) -> line.entry.time()));
		for (int size = (needed.size() + 1) / 2; size >= 1 && System.nanoTime() - this.end < 0; size = next(size)) {
			needed = withoutParts(needed, size);
		}
		return histories(needed);
	}

	private boolean isNamed(String process) {
		return process.equals(History.INJECTOR) || this.what.contains(process);
	}

	private static int next(int size) {
		return (size == 1) ? 0 : (size + 1) / 2;
	}

	private List<Line> withoutParts(List<Line> lines, int size) {
		List<Line> needed = lines;
		for (int from = Math.max(0, needed.size() - size); from >= 0; from -= size) {
			Set<Line> part = new HashSet<>(needed.subList(from, Math.min(needed.size(), from + size)));
			needed = without(needed, part::contains);
			if (from > 0 && from < size) {
				from = size;
			}
		}
		return needed;
	}

	private List<Line> without(List<Line> lines, Predicate<Line> part) {
		List<Line> fewer = lines.stream().filter(part.negate()).toList();
		boolean shorter = fewer.size() < lines.size() && System.nanoTime() - this.end < 0
				&& this.isWrong.test(histories(fewer));
		return shorter ? fewer : lines;
	}

	/** Lines of a process get the order that they have in its file. */
	private static List<History> histories(List<Line> lines) {
		Line[] sorted = lines.toArray(Line[]::new);
		Arrays.sort(sorted, Comparator.comparing(Line::process).thenComparingInt((line) -> line.entry.line()));
		List<History> histories = new ArrayList<>();
		for (Line line : sorted) {
			if (histories.isEmpty() || !histories.get(histories.size() - 1).name().equals(line.process)) {
				histories.add(new History(line.process, new ArrayList<>()));
			}
			histories.get(histories.size() - 1).entries().add(line.entry);
		}
		return histories;
	}

	/**
	 * A line of a process.
	 *
	 * @param process the name of its history
	 * @param entry the line
	 */
	private record Line(String process, Entry entry) {

	}

}
