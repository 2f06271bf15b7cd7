package dev.cpg.demo;

import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, as a member was last notified.
 *
 * @param leader the leader, {@code null} if there is none
 * @param token the leader's token, {@code null} if there is none
 * @param vacancy why there is none, {@code null} if there is one
 */
public record Lead(@Nullable String leader, @Nullable Long token, @Nullable Vacancy vacancy) {

	/** What a member knows that has not joined. */
	public static final Lead DISCONNECTED = new Lead(null, null, Vacancy.DISCONNECTED);

	/**
	 * Returns what an event says.
	 * @param event the event
	 */
	public static Lead of(CpgLeaderChangeEvent event) {
		return (event.getLeader() != null) ? new Lead(event.getLeader().toString(), event.getToken().getAsLong(), null)
				: new Lead(null, null, event.getVacancy());
	}

}
