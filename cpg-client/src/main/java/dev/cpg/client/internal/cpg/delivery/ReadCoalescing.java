package dev.cpg.client.internal.cpg.delivery;

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

	private long waitsSince;

	/** Events of the present burst. */
	private int burst;

	/** When the first of them was read. */
	private long burstSince;

	/** The next burst is waited for. */
	void begin() {
		this.waitsSince = System.nanoTime();
		this.burst = 0;
	}

	/** An event is read. Returns whether it is the first of its burst. */
	boolean addEvent() {
		if (this.burst++ > 0) {
			return false;
		}
		this.burstSince = System.nanoTime();
		return true;
	}

	/** Returns when the first event of the burst was read. */
	long burstSince() {
		return this.burstSince;
	}

	/** The burst is over. Rests if events stream in. */
	void rest() {
		if (this.burst == 0) {
			return;
		}
		this.streaming = this.streaming ? this.burst > FEW : this.burstSince - this.waitsSince < SHORT_WAIT_NANOS;
		if (this.streaming) {
			LockSupport.parkNanos(this, REST_NANOS);
		}
	}

}
