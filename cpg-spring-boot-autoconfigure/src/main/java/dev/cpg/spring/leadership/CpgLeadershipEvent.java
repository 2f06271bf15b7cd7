package dev.cpg.spring.leadership;

import java.io.Serial;

import dev.cpg.client.CpgView;
import dev.cpg.spring.event.CpgEvent;

/**
 * Something happened to the leadership of a role. These events come in order with the
 * others of the group, on the same thread. The {@link CpgLeadership} of the role shows a
 * change before its event is published.
 */
public abstract sealed class CpgLeadershipEvent extends CpgEvent
		permits CpgLeadershipGrantedEvent, CpgLeadershipRevokedEvent, CpgLeaderChangeEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String role;

	CpgLeadershipEvent(Object source, String group, CpgView view, String role) {
		super(source, group, view);
		this.role = role;
	}

	/**
	 * Returns the name of the role.
	 */
	public final String getRole() {
		return this.role;
	}

}
