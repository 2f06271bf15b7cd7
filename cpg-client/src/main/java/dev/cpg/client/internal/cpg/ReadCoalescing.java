package dev.cpg.client.internal.cpg;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets events come together while they stream in, as network drivers moderate interrupts.
 * <p>
 * The daemon rings once for each event. A reader that keeps up with it is woken for each,
 * and wakes others in turn: at 100,000 events a second most of the processor time of both
 * sides goes into that. A reader that rests for a moment finds several at once, and as
 * nobody waits for the bell, ringing costs the daemon less. Between events that come one
 * by one, a round trip apart, there is no rest and so no delay.
 */
final class ReadCoalescing {

	/** With what the kernel adds about 100 us; at 30,000 events a second, 3 of them. */
	private static final long REST_NANOS = 50_000;

	/** Less than the fastest round trip through the daemon. */
	private static final long SHORT_WAIT_NANOS = 30_000;

	private static final int FEW = 2;

	private boolean streaming;

	/**
	 * Rests if events stream in.
	 * @param count how many came at once
	 * @param waitedNanos how long the reader waited for the first of them
	 */
	void rest(int count, long waitedNanos) {
		this.streaming = this.streaming ? count > FEW : waitedNanos < SHORT_WAIT_NANOS;
		if (this.streaming) {
			LockSupport.parkNanos(this, REST_NANOS);
		}
	}

}
