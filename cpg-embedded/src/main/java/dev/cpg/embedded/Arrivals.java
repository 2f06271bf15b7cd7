package dev.cpg.embedded;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Brings the daemon's events to a connection, one by one, as long as its listener's queue
 * has room. Other events wait in the memory of the daemon. Used by the engine's thread.
 */
final class Arrivals {

	private final ListenerQueue listener;

	private final Runnable onOverflow;

	private final Deque<Runnable> waiting = new ArrayDeque<>();

	private boolean ended;

	/**
	 * Creates it.
	 * @param onOverflow what to do each time that the queue has become full
	 */
	Arrivals(ListenerQueue listener, Runnable onOverflow) {
		this.listener = listener;
		this.onOverflow = onOverflow;
	}

	/** Adds an event, which the connection takes now if it can. */
	void add(Runnable event) {
		if (this.ended) {
			return;
		}
		if (this.waiting.isEmpty() && !this.listener.isFull()) {
			take(event);
		}
		else {
			this.waiting.add(event);
		}
	}

	/** The listener's queue may have room: the connection takes what waits. */
	void resume() {
		while (!this.waiting.isEmpty() && !this.listener.isFull()) {
			take(this.waiting.remove());
		}
	}

	private void take(Runnable event) {
		event.run();
		if (!this.ended && this.listener.isFull()) {
			this.onOverflow.run();
		}
	}

	/** The connection has ended and takes nothing any more. */
	void end() {
		this.ended = true;
		this.waiting.clear();
	}

}
