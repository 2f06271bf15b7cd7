package dev.cpg.spring.event;

import java.io.Serial;
import java.time.Instant;

import dev.cpg.client.CpgView;

import org.springframework.context.ApplicationEvent;

/**
 * Something happened in a group that this service is a member of.
 * <p>
 * Events of a group are published one at a time, in the order of the daemon, on one
 * thread that does nothing else. Only a {@link CpgQuorumChangeEvent}, which has no place
 * in that order, comes on another thread, between two of the others. A slow listener
 * delays the events after it, not the daemon. A change shows in the {@code CpgGroup} bean
 * before its event is published.
 */
public abstract class CpgEvent extends ApplicationEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String group;

	private final transient CpgView view;

	/**
	 * Creates an event that happens now.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param view the group's view as of the event
	 */
	protected CpgEvent(Object source, String group, CpgView view) {
		super(source);
		this.group = group;
		this.view = view;
	}

	/**
	 * Returns the name of the group.
	 */
	public final String getGroup() {
		return this.group;
	}

	/**
	 * Returns the group's view as of this event: the members and the ring that they
	 * agreed on, with what was known of its quorum when the event arrived.
	 */
	public final CpgView getView() {
		return this.view;
	}

	/**
	 * Returns when this service was notified, by the clock of its machine.
	 */
	public final Instant getTime() {
		return Instant.ofEpochMilli(getTimestamp());
	}

}
