package dev.cpg.client.corosync;

/**
 * Lets something be warned of once a minute, however often there is reason to. Not for
 * use by more than one thread at a time.
 */
final class WarningLimit {

	private static final long PAUSE_NANOS = 60_000_000_000L;

	private long next = System.nanoTime();

	/** Returns whether to warn now, and so not again for a minute. */
	boolean isDue() {
		long now = System.nanoTime();
		if (now - this.next < 0) {
			return false;
		}
		this.next = now + PAUSE_NANOS;
		return true;
	}

}
