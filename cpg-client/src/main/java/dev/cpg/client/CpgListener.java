package dev.cpg.client;

import org.jspecify.annotations.Nullable;

/**
 * Hears of everything that happens in the group, on one thread of the connection's, one
 * call at a time, in the order of the daemon's events. A listener that takes its time
 * delays the calls after it. What waits is kept in the connection's queue, up to its
 * capacity; what happens then is the connector's {@link CpgOverflow}. A listener that
 * throws is logged, and the next call comes all the same.
 */
public interface CpgListener {

	/**
	 * The members changed, the own join and leave included.
	 * @param change the change
	 */
	default void configurationChanged(CpgConfigurationChange change) {
	}

	/**
	 * A message was delivered, own messages included.
	 * @param message the message
	 */
	default void delivered(CpgMessage message) {
	}

	/**
	 * Returns whether messages are used after {@link #delivered} has returned, as is
	 * assumed. A listener that says no is spared an array for each message: it reads them
	 * with {@link CpgMessage#buffer()}, or copies those that it needs longer with
	 * {@link CpgMessage#payload()}. It is asked once for each connection.
	 */
	default boolean keepsMessages() {
		return true;
	}

	/**
	 * The ring changed. The first call comes right after the configuration change of the
	 * own join and tells of the ring as it is.
	 * @param configuration the ring
	 */
	default void totemChanged(CpgTotemConfiguration configuration) {
	}

	/**
	 * The connection ended; no call follows. It is called once for each connection that
	 * was opened.
	 * @param cause why, or {@code null} if the application closed the connection
	 */
	default void closed(@Nullable CorosyncException cause) {
	}

}
