package dev.cpg.client.internal.cpg.send;

import java.util.function.Consumer;

import dev.cpg.client.internal.cpg.outcome.SendFuture;

/**
 * An announcement under way, which no application waits for.
 */
final class SentAnnouncement extends SendFuture {

	private final Consumer<Boolean> outcome;

	/**
	 * Creates one.
	 * @param outcome is given whether it was delivered
	 */
	SentAnnouncement(int length, long deadline, Consumer<Boolean> outcome) {
		super(length, 0, deadline);
		this.outcome = outcome;
	}

	@Override
	public void handOver(Consumer<SendFuture> outcomes) {
		this.outcome.accept(wasDelivered());
	}

}
