package dev.cpg.benchmarks;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The figures of all sides, by the case.
 */
final class PeersResults {

	private final Map<String, Map<PeersSide, Figure>> figures = new LinkedHashMap<>();

	private final Map<String, Integer> stalls = new LinkedHashMap<>();

	/** Returns the figure of a side. */
	Figure of(String name, PeersSide side) {
		return this.figures.computeIfAbsent(name, (key) -> new EnumMap<>(PeersSide.class))
			.computeIfAbsent(side, (key) -> new Figure());
	}

	/** A run did not come to an end. */
	void stalled(String name, PeersSide side) {
		this.stalls.merge(name + "." + side, 1, Integer::sum);
	}

	/** Returns how many runs did not come to an end, by case and side. */
	Map<String, Integer> stalls() {
		return this.stalls;
	}

	boolean has(String name, PeersSide side) {
		return this.figures.getOrDefault(name, Map.of()).containsKey(side);
	}

	Set<String> names() {
		return this.figures.keySet();
	}

	/** Returns the medians of a case, for people. */
	String medians(String name) {
		return this.figures.getOrDefault(name, Map.of())
			.entrySet()
			.stream()
			.map((entry) -> "%s %,.0f".formatted(entry.getKey(), entry.getValue().median()))
			.collect(Collectors.joining(", "));
	}

	double median(String name, PeersSide side) {
		return of(name, side).median();
	}

	/** Returns the stack with which JGroups has delivered more in total order. */
	PeersSide bestOfJGroups(String name) {
		return Stream.of(PeersSide.values())
			.filter((side) -> side.isJGroups() && side.isOrdered() && has(name, side))
			.reduce((one, other) -> (median(name, one) >= median(name, other)) ? one : other)
			.orElseThrow();
	}

}
