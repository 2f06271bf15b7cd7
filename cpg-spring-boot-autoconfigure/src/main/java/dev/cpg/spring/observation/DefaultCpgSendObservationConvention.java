package dev.cpg.spring.observation;

import dev.cpg.spring.observation.CpgObservation.HighCardinality;
import dev.cpg.spring.observation.CpgObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * The default names and tags of the observation of sent messages: {@code cpg.template},
 * in traces {@code GROUP send}.
 */
public class DefaultCpgSendObservationConvention implements CpgSendObservationConvention {

	@Override
	public String getName() {
		return "cpg.template";
	}

	@Override
	public String getContextualName(CpgSendContext context) {
		return context.getGroup() + " send";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(CpgSendContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.withValue("corosync"), LowCardinality.OPERATION.withValue("send"),
				LowCardinality.DESTINATION.withValue(context.getGroup()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(CpgSendContext context) {
		return KeyValues.of(HighCardinality.BODY_SIZE.withValue(Integer.toString(context.getBodySize())));
	}

}
