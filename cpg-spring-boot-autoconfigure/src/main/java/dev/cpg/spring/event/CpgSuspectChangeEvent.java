package dev.cpg.spring.event;

import java.io.Serial;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;

/**
 * A member of the group is suspected to hang, or is not any more: it leads a role or asks
 * to be heard, and was silent for the liveness timeout. It is a member all the same. All
 * members that are watched likewise or take part in the election of leaders are notified,
 * the suspect included when it goes on.
 * <p>
 * At a new ring and at each join everybody is heard anew, so a suspect is none then, and
 * is one again after the liveness timeout if it still hangs. When it leaves, that is no
 * event of this type.
 */
public final class CpgSuspectChangeEvent extends CpgEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient CpgAddress member;

	private final boolean suspected;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param view the group's view
	 * @param member the member
	 * @param suspected whether it is suspected now
	 */
	public CpgSuspectChangeEvent(Object source, String group, CpgView view, CpgAddress member, boolean suspected) {
		super(source, group, view);
		this.member = member;
		this.suspected = suspected;
	}

	/**
	 * Returns the member.
	 */
	public CpgAddress getMember() {
		return this.member;
	}

	/**
	 * Returns whether the member is suspected now.
	 */
	public boolean isSuspected() {
		return this.suspected;
	}

	@Override
	public String toString() {
		return "CpgSuspectChangeEvent[group=%s, member=%s, suspected=%s]".formatted(getGroup(), this.member,
				this.suspected);
	}

}
