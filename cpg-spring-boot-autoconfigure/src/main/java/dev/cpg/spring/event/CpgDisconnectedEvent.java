package dev.cpg.spring.event;

import java.io.Serial;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgView;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the cluster engine has ended, and with it the membership. It is the
 * last event of a connection. The view is {@link CpgView#NONE}: without a connection
 * nothing is known of the group. If there is a cause, the service connects and joins
 * again by itself.
 */
public final class CpgDisconnectedEvent extends CpgEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient @Nullable CorosyncException cause;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param cause why the connection ended, {@code null} if this service ended it
	 */
	public CpgDisconnectedEvent(Object source, String group, @Nullable CorosyncException cause) {
		super(source, group, CpgView.NONE);
		this.cause = cause;
	}

	/**
	 * Returns why the connection ended, {@code null} if this service ended it, as it does
	 * when its application context closes.
	 */
	public @Nullable CorosyncException getCause() {
		return this.cause;
	}

	@Override
	public String toString() {
		return "CpgDisconnectedEvent[group=%s, cause=%s]".formatted(getGroup(), this.cause);
	}

}
