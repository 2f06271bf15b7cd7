package dev.cpg.spring;

/**
 * Where one run of a membership is, from its start to its last event. <pre>
 *  WAITING ---> CONNECTING <---> PAUSED <---+      no connection: a stop has nothing
 *                   |                       |      to wait for
 *  .................|.......................|.....
 *                   v                       |
 *                JOINING --------------> CLOSING   a connection: a stop waits until it is
 *                   |                     ^ ^ |    closed and its last event published
 *                   v                     | | |
 *                JOINED ------------------+ | |
 *                   |                       | v
 *                   +--> LEAVING -----------+ LINGERING
 *
 *  WAITING, PAUSED and LINGERING ---> ENDED
 * </pre> A stop is a request beside the state. The run goes on from where it is, takes
 * the shortest way to its end, and begins nothing new.
 */
enum MembershipState {

	/** A listener of the run before is still busy: this run's events come after it. */
	WAITING(false),

	/** A connection is being opened. */
	CONNECTING(false),

	/**
	 * The connection is open and the join under way. It is awaited even by a stop: a
	 * connection that ends while the ring re-forms can leave a ghost in the group.
	 */
	JOINING(true),

	/** This service is a member. */
	JOINED(true),

	/** A stop has the membership's thread leave the group. */
	LEAVING(true),

	/** The connection ends, and listeners may be busy with what came before its end. */
	CLOSING(true),

	/** There was no connection, or it has ended; the next attempt comes later. */
	PAUSED(false),

	/**
	 * The leave timeout has passed, and a listener is still busy. The membership's thread
	 * has finished with the run, so it no longer keeps the JVM alive. The run ends when
	 * the listener returns.
	 */
	LINGERING(true),

	/** The last event has been published. */
	ENDED(false);

	private final boolean connected;

	MembershipState(boolean connected) {
		this.connected = connected;
	}

	/** Returns whether there is a connection whose last event is still to come. */
	boolean isConnected() {
		return this.connected;
	}

	/** Returns whether the drawing has an arrow from this state to another. */
	boolean mayBecome(MembershipState next) {
		return switch (this) {
			case WAITING -> next == CONNECTING || next == ENDED;
			case CONNECTING -> next == JOINING || next == PAUSED;
			case JOINING -> next == JOINED || next == CLOSING;
			case JOINED -> next == LEAVING || next == CLOSING;
			case LEAVING -> next == CLOSING;
			case CLOSING -> next == PAUSED || next == LINGERING;
			case PAUSED -> next == CONNECTING || next == ENDED;
			case LINGERING -> next == ENDED;
			case ENDED -> false;
		};
	}

}
