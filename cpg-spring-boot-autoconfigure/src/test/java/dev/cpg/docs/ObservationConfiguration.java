package dev.cpg.docs;

import dev.cpg.spring.observation.CpgSendContext;
import dev.cpg.spring.observation.CpgSendObservationConvention;
import dev.cpg.spring.observation.DefaultCpgSendObservationConvention;
import io.micrometer.common.KeyValues;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Observations, as docs/health-and-metrics.md shows them.
 */
@Configuration(proxyBeanMethods = false)
class ObservationConfiguration {

	// snippet:convention
	@Bean
	CpgSendObservationConvention sendConvention() {
		return new DefaultCpgSendObservationConvention() {

			@Override
			public KeyValues getLowCardinalityKeyValues(CpgSendContext context) {
				return super.getLowCardinalityKeyValues(context).and("payload",
						context.getPayloadType().getSimpleName());
			}

		};
	}
	// end:convention

}
