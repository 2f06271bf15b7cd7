package dev.cpg.spring.observation;

import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.observation.CpgObservation.HighCardinality;
import dev.cpg.spring.observation.CpgObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * The default names and tags of the observation of delivered messages:
 * {@code cpg.listener}, in traces {@code GROUP process}.
 */
public class DefaultCpgDeliverObservationConvention implements CpgDeliverObservationConvention {

	@Override
	public String getName() {
		return "cpg.listener";
	}

	@Override
	public String getContextualName(CpgDeliverContext context) {
		return context.getEvent().getGroup() + " process";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(CpgDeliverContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.withValue("corosync"), LowCardinality.OPERATION.withValue("process"),
				LowCardinality.DESTINATION.withValue(context.getEvent().getGroup()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(CpgDeliverContext context) {
		CpgDeliverEvent<?> event = context.getEvent();
		String type = event.getTypeName();
		return KeyValues.of(HighCardinality.BODY_SIZE.withValue(Integer.toString(event.getSize())),
				HighCardinality.SENDER.withValue(event.getSender().toString()),
				HighCardinality.TYPE.withValue((type != null) ? type : ""));
	}

}
