package dev.cpg.spring.leadership;

import java.io.Serial;

import dev.cpg.client.CpgView;

/**
 * This service does not lead any longer. The token never becomes valid again: if this
 * service is elected once more, then with a larger one.
 */
public final class CpgLeadershipRevokedEvent extends CpgLeadershipEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final long token;

	private final Reason reason;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param view the group's view as of the event
	 * @param role the name of the role
	 * @param token the token of the grant that is over
	 * @param reason why it is over
	 */
	public CpgLeadershipRevokedEvent(Object source, String group, CpgView view, String role, long token,
			Reason reason) {
		super(source, group, view, role);
		this.token = token;
		this.reason = reason;
	}

	/**
	 * Returns the token of the grant that is over.
	 */
	public long getToken() {
		return this.token;
	}

	/**
	 * Returns why the leadership is over.
	 */
	public Reason getReason() {
		return this.reason;
	}

	@Override
	public String toString() {
		return "CpgLeadershipRevokedEvent[group=%s, role=%s, token=%d, reason=%s]".formatted(getGroup(), getRole(),
				this.token, this.reason);
	}

	/**
	 * Why a leadership is over.
	 */
	public enum Reason {

		/**
		 * The lease ended before it was renewed: this service or its machine was paused,
		 * or the ring stood still, as it does when a node dies.
		 */
		LEASE,

		/**
		 * The ring has no quorum any longer, or the cluster has no provider of quorum.
		 */
		QUORUM,

		/**
		 * Another member leads with a larger token: it was elected while this service was
		 * out of touch.
		 */
		SUPERSEDED,

		/** The others have not heard of this service for the liveness timeout. */
		SUSPECTED,

		/** It was given up: {@link CpgLeadership#yield()} was called. */
		YIELD,

		/** The health group of the role is down. */
		HEALTH,

		/** The connection to the cluster engine is lost, and with it the membership. */
		DISCONNECTED,

		/** This service leaves the group, as it does when its application stops. */
		STOPPED

	}

}
