package dev.cpg.spring.leadership;

import java.io.Serial;

import dev.cpg.client.CpgView;

/**
 * This service leads. A {@link CpgLeadershipRevokedEvent} with the same token follows
 * before the next grant. A listener that was called late may find that the leadership is
 * over: {@link CpgLeadership#isLeader()} says so.
 */
public final class CpgLeadershipGrantedEvent extends CpgLeadershipEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final long token;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param view the group's view as of the event
	 * @param role the name of the role
	 * @param token the token of the grant
	 */
	public CpgLeadershipGrantedEvent(Object source, String group, CpgView view, String role, long token) {
		super(source, group, view, role);
		this.token = token;
	}

	/**
	 * Returns the token under which this service leads. It is larger than those of all
	 * leaders before.
	 */
	public long getToken() {
		return this.token;
	}

	@Override
	public String toString() {
		return "CpgLeadershipGrantedEvent[group=%s, role=%s, token=%d]".formatted(getGroup(), getRole(), this.token);
	}

}
