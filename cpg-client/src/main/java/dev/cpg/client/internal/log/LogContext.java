package dev.cpg.client.internal.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A key-value that all lines of the calling thread have, the application's included,
 * until it is closed.
 */
public final class LogContext implements AutoCloseable {

	private final String key;

	private final @Nullable String previous;

	private LogContext(String key, @Nullable String previous) {
		this.key = key;
		this.previous = previous;
	}

	/**
	 * Begins a context.
	 * @param key the key
	 * @param value its value, which hides the one that the key has
	 */
	public static LogContext put(String key, String value) {
		LogContext context = new LogContext(key, MDC.get(key));
		MDC.put(key, Printable.of(value));
		return context;
	}

	/** Gives the key back the value that it had before; called by the same thread. */
	@Override
	public void close() {
		if (this.previous != null) {
			MDC.put(this.key, this.previous);
		}
		else {
			MDC.remove(this.key);
		}
	}

}
