package dev.cpg.spring.event;

import java.io.Serial;

import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;

/**
 * What is known of the quorum of the view's ring has changed. The first one follows this
 * member's join, as soon as the quorum is known. After a change of the nodes it is
 * unknown for a moment, so there usually are two events then. There is none at the end of
 * the membership: from the {@link CpgDisconnectedEvent} on nothing is known.
 * <p>
 * Quorum does not come in the order of messages and members. The event does not wait for
 * those of them that wait for listeners, only for the one that listeners are called with,
 * and so it is published by another thread.
 */
public final class CpgQuorumChangeEvent extends CpgEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final CpgQuorumState quorum;

	private final CpgQuorumState previous;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param view the group's view, whose ring the quorum is of
	 * @param quorum what is known of it now
	 * @param previous what was known of the ring that the event before was of
	 */
	public CpgQuorumChangeEvent(Object source, String group, CpgView view, CpgQuorumState quorum,
			CpgQuorumState previous) {
		super(source, group, view);
		this.quorum = quorum;
		this.previous = previous;
	}

	/**
	 * Returns what is known of the quorum of the view's ring.
	 */
	public CpgQuorumState getQuorum() {
		return this.quorum;
	}

	/**
	 * Returns what the event before said, {@link CpgQuorumState#UNKNOWN} if this is the
	 * first one since the join.
	 */
	public CpgQuorumState getPreviousQuorum() {
		return this.previous;
	}

	@Override
	public String toString() {
		return "CpgQuorumChangeEvent[group=%s, ring=%s, quorum=%s, before=%s]".formatted(getGroup(), getView().ring(),
				this.quorum, this.previous);
	}

}
