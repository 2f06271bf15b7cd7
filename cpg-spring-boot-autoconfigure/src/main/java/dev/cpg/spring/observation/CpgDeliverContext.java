package dev.cpg.spring.observation;

import java.util.Map;

import dev.cpg.spring.event.CpgDeliverEvent;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * A message that is delivered to the listeners. The trace comes from its headers.
 */
public final class CpgDeliverContext extends ReceiverContext<Map<String, String>> {

	private final CpgDeliverEvent<?> event;

	/**
	 * Creates a context.
	 * @param event the event that is published
	 */
	public CpgDeliverContext(CpgDeliverEvent<?> event) {
		super(Map::get, Kind.CONSUMER);
		setCarrier(event.getHeaders());
		setRemoteServiceName("corosync");
		this.event = event;
	}

	/**
	 * Returns the event that is published.
	 */
	public CpgDeliverEvent<?> getEvent() {
		return this.event;
	}

}
