package dev.cpg.spring.leadership.election;

/**
 * Why a role has no leader.
 */
public enum Vacancy {

	/** This member is in no group. */
	DISCONNECTED,

	/** The ring is not quorate, or not known to be. */
	INQUORATE,

	/** The members are about to elect one. */
	ELECTING,

	/** No member may lead: none is ready, or all are observers or barred. */
	NOBODY_ELIGIBLE

}
