package dev.cpg.client.internal.cpg.delivery;

/**
 * For how long the delivery thread has been busy with the present burst. Any thread may
 * ask.
 */
final class DeliveryLag {

	private static final long IDLE = Long.MIN_VALUE;

	private volatile long since = IDLE;

	/**
	 * The delivery thread is busy with a burst.
	 * @param nanoTime when the first of it was read
	 */
	void busySince(long nanoTime) {
		this.since = nanoTime;
	}

	void idle() {
		this.since = IDLE;
	}

	/** Returns 0 if the delivery thread is idle. */
	long nanos() {
		long since = this.since;
		return (since != IDLE) ? Math.max(0, System.nanoTime() - since) : 0;
	}

}
