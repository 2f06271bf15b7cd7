package dev.cpg.spring.event;

import java.io.Serial;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;

/**
 * A connection to the cluster engine was opened and the group has agreed on this member's
 * join. The {@link CpgConfigurationChangeEvent} of that join comes next. Attempts that
 * fail are not published. The view is {@link CpgView#NONE}: the members are not known
 * yet.
 */
public final class CpgConnectedEvent extends CpgEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient CpgAddress localAddress;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param localAddress the address under which this service is a member
	 */
	public CpgConnectedEvent(Object source, String group, CpgAddress localAddress) {
		super(source, group, CpgView.NONE);
		this.localAddress = localAddress;
	}

	/**
	 * Returns the address under which this service is a member.
	 */
	public CpgAddress getLocalAddress() {
		return this.localAddress;
	}

	@Override
	public String toString() {
		return "CpgConnectedEvent[group=%s, member=%s]".formatted(getGroup(), getLocalAddress());
	}

}
