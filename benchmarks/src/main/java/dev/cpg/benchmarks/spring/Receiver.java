package dev.cpg.benchmarks.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cpg.spring.event.CpgDeliverEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;

/**
 * The least that a listener does: it counts. It can be held, so that what is sent waits
 * for it.
 */
class Receiver {

	private static final int LIMIT_SECONDS = 60;

	private volatile Batch batch = new Batch(Integer.MAX_VALUE);

	/** Has the listener wait with the next message. */
	void hold(int messages) {
		this.batch = new Batch(messages);
	}

	/** Lets the listener go on, and waits until it has got all messages. */
	void release() {
		this.batch.released.complete(null);
		this.batch.received.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
	}

	/** On the thread that delivers. */
	final void received() {
		Batch current = this.batch;
		current.released.join();
		if (--current.missing == 0) {
			current.received.complete(null);
		}
	}

	private static final class Batch {

		private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

		private final CompletableFuture<@Nullable Void> received = new CompletableFuture<>();

		private int missing;

		Batch(int messages) {
			this.missing = messages;
		}

	}

	/** Gets the bytes. */
	static class OfBytes extends Receiver {

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			received();
		}

	}

	/** Gets what the message says. */
	static class OfOrders extends Receiver {

		@EventListener
		void on(Order order) {
			received();
		}

	}

}
