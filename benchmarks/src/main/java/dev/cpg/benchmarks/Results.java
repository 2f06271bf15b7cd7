package dev.cpg.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The results, in the order of the measurements.
 */
final class Results {

	private final Map<String, Case> cases = new LinkedHashMap<>();

	private final Map<String, Figure> figures = new LinkedHashMap<>();

	Case of(String name, String unit) {
		return this.cases.computeIfAbsent(name, (key) -> new Case(key, unit));
	}

	Collection<Case> cases() {
		return this.cases.values();
	}

	/** A figure that is not compared. */
	Figure figure(String name) {
		return this.figures.computeIfAbsent(name, (key) -> new Figure());
	}

	Map<String, Figure> figures() {
		return this.figures;
	}

}
