package dev.cpg.client.internal.ipc.transport;

/**
 * What the daemon takes from a connection at the moment, as libqb's server says it in a
 * word that both sides see.
 */
public enum FlowControl {

	/** Everything. */
	OPEN,

	/** Requests that have a response, but no messages without one. */
	REQUESTS_ONLY,

	/** Nothing. */
	CLOSED;

	/** Reads the word. */
	static FlowControl of(int word) {
		return switch (word) {
			case 0 -> OPEN;
			case 2 -> REQUESTS_ONLY;
			default -> CLOSED;
		};
	}

}
