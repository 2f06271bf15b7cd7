package dev.cpg.benchmarks;

import dev.cpg.benchmarks.spring.SpringCosts;

/**
 * The cost of the Spring layer: for each message, and at the start of a service.
 */
final class SpringLayer {

	private SpringLayer() {
	}

	/** The start of a service. */
	static Results startUps() {
		Results results = new Results();
		StartUps.measure(results);
		return results;
	}

	/** Each message. */
	static Results messages() {
		Results results = new Results();
		SpringCosts.measure((name, value) -> results.figure(name).add(value));
		return results;
	}

}
