package dev.cpg.spring;

import dev.cpg.client.internal.log.LogLimit;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.observation.CpgDeliverContext;
import dev.cpg.spring.observation.CpgDeliverObservationConvention;
import dev.cpg.spring.observation.CpgObservation;
import dev.cpg.spring.observation.DefaultCpgDeliverObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ErrorHandler;

/**
 * Observes the deliveries of messages to the listeners: one observation for each message,
 * current on the delivery thread while the listeners are called.
 */
final class DeliverObservations {

	private static final CpgDeliverObservationConvention DEFAULT = new DefaultCpgDeliverObservationConvention();

	private final LogLimit limit = new LogLimit();

	private final ObservationRegistry registry;

	private final @Nullable CpgDeliverObservationConvention convention;

	DeliverObservations(ObservationRegistry registry, @Nullable CpgDeliverObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	/**
	 * Runs a delivery within an observation. A handler or convention that fails costs the
	 * observation, not the event.
	 */
	void observe(CpgDeliverEvent<?> event, Runnable delivery) {
		SafeObservation observation = SafeObservation.begin(this.registry, this.limit, () -> CpgObservation.DELIVER
			.observation(this.convention, DEFAULT, () -> new CpgDeliverContext(event), this.registry));
		try {
			delivery.run();
		}
		finally {
			observation.leave();
			observation.end(null);
		}
	}

	/** Returns a handler that notes what listeners throw in the observation, too. */
	ErrorHandler observing(ErrorHandler errorHandler) {
		return (ex) -> {
			Observation current = this.registry.getCurrentObservation();
			try {
				if (current != null && current.getContext() instanceof CpgDeliverContext) {
					current.error((ex.getCause() != null) ? ex.getCause() : ex);
				}
			}
			finally {
				errorHandler.handleError(ex);
			}
		};
	}

}
