package dev.cpg.client.internal.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Limits the log to one line of each kind a minute, and counts those that it leaves out.
 * Any thread may call it.
 */
public final class LogLimit {

	/** The time between two lines of one kind. */
	public static final Duration PAUSE = Duration.ofMinutes(1);

	/** There may be any number of kinds, such as names that other members choose. */
	static final int MAX_KINDS = 64;

	/** Stands for all kinds beyond that number. */
	private static final Object OTHERS = new Object();

	private final Map<Object, Silence> silences = new HashMap<>();

	private final LongSupplier clock;

	/** Creates a limit by the system's clock. */
	public LogLimit() {
		this(System::nanoTime);
	}

	/**
	 * Creates a limit.
	 * @param clock the time in nanoseconds
	 */
	public LogLimit(LongSupplier clock) {
		this.clock = clock;
	}

	/**
	 * Writes a line, unless one of its kind was written within the last minute.
	 * @param kind what kind; equal objects are one
	 * @param line writes it; is given how many were left out since the last one
	 */
	public void log(Object kind, LongConsumer line) {
		long leftOut = take(kind);
		if (leftOut >= 0) {
			line.accept(leftOut);
		}
	}

	/** Returns how many were left out, or -1 if this one is, too. */
	private synchronized long take(Object kind) {
		long now = this.clock.getAsLong();
		Object counted = (this.silences.containsKey(kind) || hasRoom(now)) ? kind : OTHERS;
		Silence silence = this.silences.get(counted);
		if (silence != null && !silence.isOver(now)) {
			silence.count++;
			return -1;
		}
		this.silences.put(counted, new Silence(now));
		return (silence != null) ? silence.count : 0;
	}

	private boolean hasRoom(long now) {
		if (this.silences.size() >= MAX_KINDS) {
			this.silences.values().removeIf((silence) -> silence.isOver(now) && silence.count == 0);
		}
		return this.silences.size() < MAX_KINDS;
	}

	private static final class Silence {

		private final long since;

		private long count;

		Silence(long since) {
			this.since = since;
		}

		boolean isOver(long now) {
			return now - this.since >= PAUSE.toNanos();
		}

	}

}
