package dev.cpg.client;

import org.jspecify.annotations.Nullable;

/**
 * Is notified of all events of the group, on one thread of the connection, one call at a
 * time, in the order of the engine's events. A slow listener delays the calls after it.
 * Events that wait are kept in the connection's queue, up to its capacity;
 * {@link CpgOverflow} says what happens beyond. What a listener throws is logged, and the
 * next call is made anyway.
 */
public interface CpgListener {

	/**
	 * The members changed; this member's join and leave are such changes, too. See
	 * {@code cpg_confchg_fn} in {@code cpg_initialize(3)}.
	 * @param change the change
	 */
	default void configurationChanged(CpgConfigurationChange change) {
	}

	/**
	 * A message was delivered; this member's own messages are, too. See
	 * {@code cpg_deliver_fn} in {@code cpg_initialize(3)}.
	 * @param message the message
	 */
	default void delivered(CpgMessage message) {
	}

	/**
	 * Returns whether messages are used after {@link #delivered} has returned, which is
	 * the default. If not, there is no array for each message: the listener reads a
	 * message with {@link CpgMessage#buffer()}, and copies one that it needs longer with
	 * {@link CpgMessage#payload()}. This is called once for each connection.
	 */
	default boolean keepsMessages() {
		return true;
	}

	/**
	 * The ring changed. The first call comes right after the configuration change of this
	 * member's join and reports the present ring. See {@code cpg_totem_confchg_fn} in
	 * {@code cpg_model_initialize(3)}.
	 * @param configuration the ring
	 */
	default void totemChanged(CpgTotemConfiguration configuration) {
	}

	/**
	 * The connection ended; no call follows. It is called once for each connection that
	 * was opened.
	 * @param cause why it ended, or {@code null} if the application closed it
	 */
	default void closed(@Nullable CorosyncException cause) {
	}

}
