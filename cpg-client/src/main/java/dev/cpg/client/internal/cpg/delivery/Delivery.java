package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgTotemConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What the listener is called with, once, or what is run in between.
 */
public sealed interface Delivery
		permits DeliveredMessage, Delivery.MembersChanged, Delivery.RingChanged, Delivery.Posted, Delivery.Closed {

	/** About what a delivery costs beside its content. */
	long WEIGHT = 128L;

	/** About what a member or node in a list costs. */
	long ENTRY_WEIGHT = 64L;

	/** Returns about how many bytes it takes while it waits for the listener. */
	long weight();

	/** Calls the fitting method of the dispatcher. */
	void dispatchTo(ListenerDispatcher dispatcher);

	/**
	 * Calls the fitting method of the interceptor.
	 * @return whether it consumes this, so that the listener does not get it
	 */
	boolean intercept(CpgInterceptor interceptor);

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
		public boolean intercept(CpgInterceptor interceptor) {
			interceptor.configurationChanged(this.change);
			return false;
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
		public boolean intercept(CpgInterceptor interceptor) {
			interceptor.totemChanged(this.configuration);
			return false;
		}

		@Override
		public String toString() {
			return this.configuration.toString();
		}

	}

	/** Something else is run at this place. No interceptor sees it. */
	record Posted(Runnable call) implements Delivery {

		@Override
		public long weight() {
			return WEIGHT;
		}

		@Override
		public void dispatchTo(ListenerDispatcher dispatcher) {
			dispatcher.run(this.call);
		}

		@Override
		public boolean intercept(CpgInterceptor interceptor) {
			return false;
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

		@Override
		public boolean intercept(CpgInterceptor interceptor) {
			interceptor.closed(this.cause);
			return false;
		}

	}

}
