package dev.cpg.spring;

import java.io.Serial;

import dev.cpg.client.internal.log.Printable;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * A listener threw an exception, which is the {@linkplain #getCause() cause}. It is what
 * the error handler is given; the next event is told all the same, and if it is an
 * {@code @EventListener} method that threw it, so are the other listeners. After an
 * {@code ApplicationListener} bean Spring tells no other of the same event.
 */
public final class CpgListenerException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient ApplicationEvent event;

	/**
	 * Creates an exception.
	 * @param listener the listener, if it is known which
	 * @param event what the listener was told of
	 * @param cause what it threw
	 */
	public CpgListenerException(@Nullable Object listener, ApplicationEvent event, Throwable cause) {
		super((listener != null)
				? "%s threw an exception on %s; the other listeners and the next event are told all the same"
					.formatted(Printable.of(listener), Printable.of(event))
				: "A listener threw an exception on %s; the next event is told all the same"
					.formatted(Printable.of(event)),
				cause);
		this.event = event;
	}

	/**
	 * Returns what the listener was told of: a {@code CpgEvent}, or a
	 * {@code PayloadApplicationEvent} whose source is a {@code CpgDeliverEvent}.
	 */
	public ApplicationEvent getEvent() {
		return this.event;
	}

}
