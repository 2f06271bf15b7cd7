package dev.cpg.benchmarks;

import java.util.EnumMap;
import java.util.Map;

/**
 * The figures of both sides under one name.
 */
final class Case {

	private final String name;

	private final String unit;

	private final Map<Side, Figure> figures = new EnumMap<>(Side.class);

	Case(String name, String unit) {
		this.name = name;
		this.unit = unit;
		for (Side side : Side.values()) {
			this.figures.put(side, new Figure());
		}
	}

	String name() {
		return this.name;
	}

	String unit() {
		return this.unit;
	}

	Figure of(Side side) {
		Figure figure = this.figures.get(side);
		if (figure == null) {
			throw new IllegalArgumentException("No figure of " + side);
		}
		return figure;
	}

	/** Returns ours divided by libcpg's. */
	double ratio() {
		return of(Side.OURS).median() / of(Side.LIBCPG).median();
	}

}
