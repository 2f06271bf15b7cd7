package dev.cpg.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and tags of the observation of sent messages. A bean of this type takes the place
 * of {@link DefaultCpgSendObservationConvention}.
 */
public interface CpgSendObservationConvention extends ObservationConvention<CpgSendContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof CpgSendContext;
	}

}
