package dev.cpg.client.internal.ipc;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.concurrent.SharedTimer;

/**
 * Announces what the daemon was too busy for when it was sent: at once, and then at
 * intervals that grow, until nothing is left.
 */
public final class AnnounceRetry implements AnnounceTimer {

	private static final long MIN_PAUSE_NANOS = 200_000;

	private static final long MAX_PAUSE_NANOS = 8_000_000;

	private final BooleanSupplier tryAnnounce;

	private final BooleanSupplier hasUnannounced;

	private final Alarm alarm;

	/** Whether it announces, so that nobody needs to ask. */
	private volatile boolean active;

	/** The timer's own. */
	private long pause = MIN_PAUSE_NANOS;

	/**
	 * Creates one, whose {@link #alarm()} is to be added to the timer.
	 * @param tryAnnounce announces; returns whether nothing is left
	 * @param hasUnannounced returns whether there is something to announce
	 * @param onFailure is notified of what they throw
	 */
	public AnnounceRetry(SharedTimer timer, BooleanSupplier tryAnnounce, BooleanSupplier hasUnannounced,
			Consumer<Throwable> onFailure) {
		this.tryAnnounce = tryAnnounce;
		this.hasUnannounced = hasUnannounced;
		this.alarm = new Alarm(timer, this::announce, onFailure);
	}

	/** Returns what runs it. */
	public Alarm alarm() {
		return this.alarm;
	}

	@Override
	public void announceLater() {
		if (!this.active) {
			this.active = true;
			this.alarm.wakeBy(System.nanoTime());
		}
	}

	private long announce(long now) {
		if (!this.tryAnnounce.getAsBoolean()) {
			long next = System.nanoTime() + this.pause;
			this.pause = Math.min(2 * this.pause, MAX_PAUSE_NANOS);
			return next;
		}
		this.pause = MIN_PAUSE_NANOS;
		// From here on a sender asks; what was left before, this must see itself.
		this.active = false;
		if (this.hasUnannounced.getAsBoolean()) {
			this.active = true;
			return now;
		}
		return Alarm.NEVER;
	}

}
