package dev.cpg.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and tags of the observation of delivered messages. A bean of this type takes the
 * place of {@link DefaultCpgDeliverObservationConvention}.
 */
public interface CpgDeliverObservationConvention extends ObservationConvention<CpgDeliverContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof CpgDeliverContext;
	}

}
