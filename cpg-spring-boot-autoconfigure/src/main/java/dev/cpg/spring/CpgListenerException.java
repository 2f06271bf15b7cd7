package dev.cpg.spring;

import java.io.Serial;

import dev.cpg.client.internal.log.Printable;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * A listener threw an exception, which is the {@linkplain #getCause() cause}. This
 * exception is passed to the error handler. The next event is published anyway. If the
 * listener is an {@code @EventListener} method, the other listeners get this event, too;
 * after an {@code ApplicationListener} bean that throws, Spring calls no other with the
 * same event.
 */
public final class CpgListenerException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient ApplicationEvent event;

	/**
	 * Creates an exception.
	 * @param listener the listener, if it is known
	 * @param event the event that the listener was called with
	 * @param cause what it threw
	 */
	public CpgListenerException(@Nullable Object listener, ApplicationEvent event, Throwable cause) {
		super((listener != null)
				? "%s threw an exception on %s; the other listeners get the event, and the next event follows"
					.formatted(Printable.of(listener), Printable.of(event))
				: "A listener threw an exception on %s; the next event follows".formatted(Printable.of(event)), cause);
		this.event = event;
	}

	/**
	 * Returns the event that the listener was called with: a {@code CpgEvent}, or a
	 * {@code PayloadApplicationEvent} whose source is a {@code CpgDeliverEvent}.
	 */
	public ApplicationEvent getEvent() {
		return this.event;
	}

}
