package dev.cpg.spring.leadership;

import java.io.Serial;
import java.util.OptionalLong;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;
import org.jspecify.annotations.Nullable;

/**
 * The members have another leader, or none. Every member gets this event, the leader
 * included. While members are in touch they get these events of a role in the same order.
 */
public final class CpgLeaderChangeEvent extends CpgLeadershipEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient @Nullable CpgAddress leader;

	private final long token;

	private final @Nullable Vacancy vacancy;

	private CpgLeaderChangeEvent(Object source, String group, CpgView view, String role, @Nullable CpgAddress leader,
			long token, @Nullable Vacancy vacancy) {
		super(source, group, view, role);
		this.leader = leader;
		this.token = token;
		this.vacancy = vacancy;
	}

	/**
	 * Creates the event of a new leader.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param view the group's view as of the event
	 * @param role the name of the role
	 * @param leader the leader
	 * @param token its token
	 */
	public static CpgLeaderChangeEvent elected(Object source, String group, CpgView view, String role,
			CpgAddress leader, long token) {
		return new CpgLeaderChangeEvent(source, group, view, role, leader, token, null);
	}

	/**
	 * Creates the event that there is no leader.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param view the group's view as of the event
	 * @param role the name of the role
	 * @param vacancy why there is none
	 */
	public static CpgLeaderChangeEvent vacant(Object source, String group, CpgView view, String role, Vacancy vacancy) {
		return new CpgLeaderChangeEvent(source, group, view, role, null, 0, vacancy);
	}

	/**
	 * Returns the leader, {@code null} if there is none.
	 */
	public @Nullable CpgAddress getLeader() {
		return this.leader;
	}

	/**
	 * Returns the leader's token; empty if there is no leader.
	 */
	public OptionalLong getToken() {
		return (this.leader != null) ? OptionalLong.of(this.token) : OptionalLong.empty();
	}

	/**
	 * Returns why there is no leader, {@code null} if there is one.
	 */
	public @Nullable Vacancy getVacancy() {
		return this.vacancy;
	}

	@Override
	public String toString() {
		return (this.leader != null)
				? "CpgLeaderChangeEvent[group=%s, role=%s, leader=%s, token=%d]".formatted(getGroup(), getRole(),
						this.leader, this.token)
				: "CpgLeaderChangeEvent[group=%s, role=%s, vacancy=%s]".formatted(getGroup(), getRole(), this.vacancy);
	}

	/**
	 * Why there is no leader, as far as this service knows.
	 */
	public enum Vacancy {

		/** The ring of this service has no quorum. Another ring may have a leader. */
		INQUORATE,

		/** The members are about to elect one. */
		ELECTING,

		/**
		 * No member can be elected: all are observers, not ready, suspect, or within
		 * their cool-down.
		 */
		NOBODY_ELIGIBLE,

		/** This service is not a member of the group. The members may have a leader. */
		DISCONNECTED

	}

}
