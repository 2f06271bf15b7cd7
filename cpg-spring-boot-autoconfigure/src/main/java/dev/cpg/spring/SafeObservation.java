package dev.cpg.spring;

import java.util.function.Supplier;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * An observation whose handlers, filters and conventions cannot cost a message: what they
 * throw is logged, and the thread gets back the scope that it had before.
 */
final class SafeObservation {

	private final ObservationRegistry registry;

	private final LogLimit limit;

	private final Observation.@Nullable Scope previous;

	private @Nullable Observation observation;

	private Observation.@Nullable Scope scope;

	private SafeObservation(ObservationRegistry registry, LogLimit limit) {
		this.registry = registry;
		this.limit = limit;
		this.previous = registry.getCurrentObservationScope();
	}

	/**
	 * Starts an observation and makes it the thread's current one.
	 * @param limit limits the log of failures
	 */
	static SafeObservation begin(ObservationRegistry registry, LogLimit limit, Supplier<Observation> creation) {
		SafeObservation safe = new SafeObservation(registry, limit);
		try {
			Observation observation = creation.get();
			observation.start();
			safe.observation = observation;
			safe.scope = observation.openScope();
		}
		catch (Throwable ex) {
			safe.failed("could not be begun", ex);
			safe.restore();
		}
		return safe;
	}

	/** Closes the scope; called by the thread that began the observation. */
	void leave() {
		Observation.Scope scope = this.scope;
		if (scope != null) {
			try {
				scope.close();
			}
			catch (Throwable ex) {
				failed("did not close its scope in order", ex);
			}
			restore();
		}
	}

	private void restore() {
		if (this.registry.getCurrentObservationScope() != this.previous) {
			this.registry.setCurrentObservationScope(this.previous);
		}
	}

	/** A handler or convention may fail on every message. */
	private void failed(String what, Throwable ex) {
		this.limit.log(what,
				(leftOut) -> CpgLog.LISTENERS.warn()
					.cause(ex)
					.log("An observation {}{}", what,
							(leftOut > 0) ? ", and " + leftOut + " more since this was last logged" : ""));
	}

	/** Ends the observation; called once, by any thread. */
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
			failed("was not ended in order", ex);
		}
	}

}
