package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the events of a connection, in one session after the other.
 *
 * @param listener is notified of them in its own time
 * @param interceptor sees them first, if there is one
 * @param freshness what the listener has to know of to be current
 */
public record Receiver(CpgListener listener, @Nullable CpgInterceptor interceptor, Freshness freshness) {

	/** Creates one of a new connection. */
	public Receiver(CpgListener listener, @Nullable CpgInterceptor interceptor) {
		this(listener, interceptor, new Freshness());
	}

}
