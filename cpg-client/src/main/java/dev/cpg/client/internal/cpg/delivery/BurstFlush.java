package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.ipc.IpcConnection;

/**
 * Lets others go on after a burst of events: senders, whose outcomes it decided, and the
 * daemon, which may take further requests. A burst costs one wake-up of each.
 */
public final class BurstFlush {

	/** So that a long burst does not keep others waiting for its end. */
	private static final int MAX_EVENTS = 64;

	private final PendingSends pending;

	private final OutcomeDispatcher outcomes;

	private final IpcConnection connection;

	private final Runnable batches;

	/** Events since the last flush; a batch is as many as its messages. */
	private int events;

	/**
	 * Creates one.
	 * @param batches sends what waits in batches
	 */
	public BurstFlush(PendingSends pending, OutcomeDispatcher outcomes, IpcConnection connection, Runnable batches) {
		this.pending = pending;
		this.outcomes = outcomes;
		this.connection = connection;
		this.batches = batches;
	}

	void addEvents(int count) {
		this.events += count;
	}

	/** Returns whether others should not wait for the end of the burst. */
	boolean isDue() {
		return this.events > MAX_EVENTS;
	}

	void run() {
		this.events = 0;
		this.pending.settle();
		this.outcomes.flush();
		this.batches.run();
		// The daemon was at work: it may have taken what was announced.
		this.connection.announceNow();
	}

}
