package dev.cpg.embedded;

/**
 * A fault that is built into the cluster on purpose, so that a test shows that its checks
 * would find it.
 */
enum Mutation {

	/** After a cut each node delivers only what it has received itself. */
	NO_RECOVERY,

	/** The totem event comes before the changes of its ring. */
	TOTEM_EVENT_FIRST,

	/** Messages of a former ring are ordered before the present one is synchronized. */
	DATA_BEFORE_LISTS,

	/** The ring's sequence follows the representative's alone, not the maximum. */
	SEQUENCE_OF_REPRESENTATIVE,

	/** A message that is delivered while its ring is broken is reported as lost. */
	LOST_IN_BROKEN_RING,

	/** Members on nodes that left the ring stay in the view. */
	NO_NODEDOWN,

	/**
	 * A process that leaves between its node's list and the use of all lists comes back.
	 */
	GHOST,

	/** Only the representative of a merged ring reports the members of the other side. */
	MERGE_ON_ONE_SIDE

}
