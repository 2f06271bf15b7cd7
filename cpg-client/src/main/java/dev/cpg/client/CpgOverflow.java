package dev.cpg.client;

/**
 * What happens when the bytes that wait for a slow listener reach the queue's capacity.
 * Events that the client has not taken stay in the daemon's memory, and Corosync does not
 * return memory to the system.
 */
public enum CpgOverflow {

	/**
	 * The client takes no more events until there is room: nothing is lost, and the
	 * daemon's memory grows.
	 */
	BLOCK,

	/**
	 * The client leaves the group and ends the connection with
	 * {@link CsError#QUEUE_FULL}. The listener is notified of all events that were taken
	 * before, then of the end; the application may open another connection.
	 */
	LEAVE

}
