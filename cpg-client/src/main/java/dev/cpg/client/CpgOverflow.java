package dev.cpg.client;

/**
 * What happens when the listener is so slow that the bytes that wait for it reach the
 * queue's capacity. What the engine has sent and the client has not taken stays in the
 * engine's memory, and an engine gives none back to the system.
 */
public enum CpgOverflow {

	/**
	 * No more is taken from the engine until there is room: nothing is lost, and the
	 * engine's memory grows.
	 */
	BLOCK,

	/**
	 * The group is left and the connection ended with {@link CsError#QUEUE_FULL}. The
	 * listener is told of everything that was taken before, then that it ended: time to
	 * open another connection.
	 */
	LEAVE

}
