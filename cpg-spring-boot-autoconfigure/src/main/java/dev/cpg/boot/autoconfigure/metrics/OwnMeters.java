package dev.cpg.boot.autoconfigure.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The meters of one context, which are removed with it. A registry may outlive the
 * context, and would keep later meters of the same names and tags out.
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
	 * Adds a meter, unless the registry had it before: then it belongs to another
	 * context.
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
