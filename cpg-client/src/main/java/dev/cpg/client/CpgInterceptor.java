package dev.cpg.client;

import org.jspecify.annotations.Nullable;

/**
 * Sees all events of the group when they arrive, before they wait for the
 * {@link CpgListener}: for what must not wait for a slow listener, such as an election.
 * <p>
 * It is called one event at a time, in the order of the engine's events, by a thread that
 * reads them. A call must return at once and must not block; it may send with
 * {@link CpgConnection#tryMulticast(byte[], java.time.Duration)}, but not join, leave,
 * close, or wait for an outcome. What an interceptor throws is logged, and the listener
 * is notified of the event as if it had returned.
 * <p>
 * The event comes after all calls that the interceptor {@linkplain CpgConnection#post
 * posts} meanwhile, and before all that it posts later.
 * <p>
 * When the listener's queue is full and the policy is {@link CpgOverflow#BLOCK}, the
 * connection takes no more events from the engine, and the interceptor sees none until
 * there is room: whatever depends on its events has to end by a time limit of its own. A
 * connection with an interceptor reads on a thread of its own at all times, so that its
 * listener is notified of an event that comes alone some tens of microseconds later.
 */
public interface CpgInterceptor {

	/**
	 * The members changed; see {@link CpgListener#configurationChanged}.
	 * @param change the change
	 */
	default void configurationChanged(CpgConfigurationChange change) {
	}

	/**
	 * A message has arrived. The outcome of this member's own ones does not depend on
	 * whether they are consumed.
	 * @param message the message, to be read with {@link CpgMessage#buffer()}; unless it
	 * is consumed its bytes are the listener's, and not to be used after the call
	 * @return whether it is consumed, so that the listener does not get it
	 */
	default boolean consume(CpgMessage message) {
		return false;
	}

	/**
	 * The ring changed; see {@link CpgListener#totemChanged}.
	 * @param configuration the ring
	 */
	default void totemChanged(CpgTotemConfiguration configuration) {
	}

	/**
	 * The connection ended; no call follows. It is called once for each connection that
	 * was opened, before the listener is notified of the end and before the futures of
	 * sends under way end.
	 * @param cause why it ended, or {@code null} if the application closed it
	 */
	default void closed(@Nullable CorosyncException cause) {
	}

}
