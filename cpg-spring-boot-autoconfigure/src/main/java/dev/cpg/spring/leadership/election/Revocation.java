package dev.cpg.spring.leadership.election;

/**
 * Why a leadership is over.
 */
public enum Revocation {

	/** The lease was not renewed in time. */
	LEASE,

	/** The leader's ring is not quorate. */
	QUORUM,

	/** Another member has led since, or leads, with a higher token. */
	SUPERSEDED,

	/** The others have not heard of the leader and take it for hung. */
	SUSPECTED,

	/** The application has given it up. */
	YIELD,

	/** The application is not healthy. */
	HEALTH,

	/** The connection to the cluster engine has ended. */
	DISCONNECTED,

	/** The member leaves the group. */
	STOPPED

}
