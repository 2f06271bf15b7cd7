package dev.cpg.client.internal.cpg.delivery;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Of how many changes the listener has to know to be current. Whoever reads events keeps
 * it, any thread may ask.
 */
public final class Freshness {

	/** Changes of members and rings that the listener is notified of, or will be. */
	private final AtomicLong changes = new AtomicLong();

	/** Whether a change of the members waits for its ring. */
	private volatile boolean holding;

	/** Whether nothing is read, as there is no room in the queue. */
	private volatile boolean blocked;

	void addChange() {
		this.changes.incrementAndGet();
	}

	void holding(boolean holding) {
		this.holding = holding;
	}

	void blocked(boolean blocked) {
		this.blocked = blocked;
	}

	/** Returns whether a listener that was notified of so many changes is current. */
	public boolean isCurrent(long notified) {
		return !this.holding && !this.blocked && this.changes.get() == notified;
	}

}
