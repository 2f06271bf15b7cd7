package dev.cpg.spring;

import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observation whose handlers, filters and conventions can cost no message: what they
 * throw is logged, and the thread is left with the scope that it came with.
 */
final class SafeObservation {

	private static final Logger logger = LoggerFactory.getLogger(SafeObservation.class);

	private final ObservationRegistry registry;

	private final Observation.@Nullable Scope previous;

	private @Nullable Observation observation;

	private Observation.@Nullable Scope scope;

	private SafeObservation(ObservationRegistry registry) {
		this.registry = registry;
		this.previous = registry.getCurrentObservationScope();
	}

	/** Starts an observation and makes it the thread's current one. */
	static SafeObservation begin(ObservationRegistry registry, Supplier<Observation> creation) {
		SafeObservation safe = new SafeObservation(registry);
		try {
			Observation observation = creation.get();
			observation.start();
			safe.observation = observation;
			safe.scope = observation.openScope();
		}
		catch (Throwable ex) {
			logger.warn("An observation could not be begun", ex);
			safe.restore();
		}
		return safe;
	}

	/** The thread goes on without it; for the thread that began it. */
	void leave() {
		Observation.Scope scope = this.scope;
		if (scope != null) {
			try {
				scope.close();
			}
			catch (Throwable ex) {
				logger.warn("The scope of an observation was not closed in order", ex);
			}
			restore();
		}
	}

	private void restore() {
		if (this.registry.getCurrentObservationScope() != this.previous) {
			this.registry.setCurrentObservationScope(this.previous);
		}
	}

	/** It is over; for any thread, once. */
	void end(@Nullable Throwable failure) {
		Observation observation = this.observation;
		if (observation == null) {
			return;
		}
		try {
			if (failure != null) {
				observation.error(failure);
			}
			observation.stop();
		}
		catch (Throwable ex) {
			logger.warn("An observation was not ended in order", ex);
		}
	}

}
