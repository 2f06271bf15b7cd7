package dev.cpg.client.internal.cpg.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * Records what was decoded, as the listener would get it.
 */
final class DeliveryRecorder implements DeliverySink {

	private final List<Object> events = new ArrayList<>();

	@Override
	public boolean lends() {
		return false;
	}

	@Override
	public void accept(Delivery delivery) {
		this.events.add(eventOf(delivery));
	}

	private static Object eventOf(Delivery delivery) {
		if (delivery instanceof Delivery.MembersChanged members) {
			return members.change();
		}
		return (delivery instanceof Delivery.RingChanged ring) ? ring.configuration() : delivery;
	}

	List<Object> events() {
		return this.events;
	}

}
