package dev.cpg.client.internal.cpg.delivery;

import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what the delivery thread has decoded until it dispatches that. It is the delivery
 * thread's own: the reader may take over while the first of it is dispatched.
 */
final class DirectSink implements DeliverySink {

	private final ArrayDeque<Delivery> decoded = new ArrayDeque<>();

	private final boolean lends;

	DirectSink(boolean lends) {
		this.lends = lends;
	}

	@Override
	public boolean lends() {
		return this.lends;
	}

	@Override
	public void accept(Delivery delivery) {
		this.decoded.add(delivery);
	}

	int size() {
		return this.decoded.size();
	}

	/** Returns the next delivery, {@code null} if there is none. */
	@Nullable Delivery poll() {
		return this.decoded.poll();
	}

}
