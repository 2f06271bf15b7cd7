package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgTotemConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What the listener is called with, once.
 */
public sealed interface Delivery
		permits DeliveredMessage, Delivery.MembersChanged, Delivery.RingChanged, Delivery.Closed {

	/** About what a delivery costs beside its content. */
	long WEIGHT = 128L;

	/** About what a member or node in a list costs. */
	long ENTRY_WEIGHT = 64L;

	/** Returns about how many bytes it takes while it waits for the listener. */
	long weight();

	/** Calls the fitting method of the dispatcher. */
	void dispatchTo(ListenerDispatcher dispatcher);

	/** The members changed. */
	record MembersChanged(CpgConfigurationChange change) implements Delivery {

		@Override
		public long weight() {
			return WEIGHT + ENTRY_WEIGHT
					* (this.change.view().members().size() + this.change.left().size() + this.change.joined().size());
		}

		@Override
		public void dispatchTo(ListenerDispatcher dispatcher) {
			dispatcher.membersChanged(this.change);
		}

		@Override
		public String toString() {
			return this.change.toString();
		}

	}

	/** The ring changed. */
	record RingChanged(CpgTotemConfiguration configuration) implements Delivery {

		@Override
		public long weight() {
			return WEIGHT + ENTRY_WEIGHT * this.configuration.nodeIds().size();
		}

		@Override
		public void dispatchTo(ListenerDispatcher dispatcher) {
			dispatcher.ringChanged(this.configuration);
		}

		@Override
		public String toString() {
			return this.configuration.toString();
		}

	}

	/** The connection ended. This is the last delivery. */
	record Closed(@Nullable CorosyncException cause) implements Delivery {

		@Override
		public long weight() {
			return WEIGHT;
		}

		@Override
		public void dispatchTo(ListenerDispatcher dispatcher) {
			dispatcher.closed(this.cause);
		}

	}

}
