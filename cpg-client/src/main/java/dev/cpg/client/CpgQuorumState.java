package dev.cpg.client;

/**
 * What is known of a ring's quorum.
 */
public enum CpgQuorumState {

	/**
	 * The nodes of the ring are enough of the cluster to act for it.
	 */
	QUORATE,

	/**
	 * The nodes of the ring are too few: others may act for the cluster.
	 */
	INQUORATE,

	/**
	 * The cluster has no quorum provider, so nobody counts votes: it cannot be quorate,
	 * and has not lost its quorum either.
	 */
	NO_PROVIDER,

	/**
	 * The quorum of the ring is not known: there is no connection to the quorum service,
	 * or it has not reported this ring yet, as for a moment after each change of the
	 * nodes.
	 */
	UNKNOWN;

	/**
	 * Returns whether the ring is known to be quorate.
	 */
	public boolean isQuorate() {
		return this == QUORATE;
	}

}
