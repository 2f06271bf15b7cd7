package dev.cpg.boot.autoconfigure.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters that end with what they measure. A registry may outlive it: there they would
 * stand in the way of the next ones of the same name and tags.
 */
final class OwnMeters {

	private final MeterRegistry registry;

	private final Set<Meter.Id> others;

	private final List<Meter> meters = new ArrayList<>();

	OwnMeters(MeterRegistry registry) {
		this.registry = registry;
		this.others = registry.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
	}

	/**
	 * Takes a meter as one of these, unless it was there before: then it is another
	 * context's, and ends with that.
	 */
	<M extends Meter> M add(M meter) {
		if (!this.others.contains(meter.getId())) {
			this.meters.add(meter);
		}
		return meter;
	}

	void remove() {
		this.meters.forEach(this.registry::remove);
	}

}
