package dev.cpg.embedded;

/**
 * Something that may happen next in a cluster: a daemon orders a message, a listener is
 * notified. The {@link Engine} decides which of the enabled steps happens when, and so
 * decides the interleaving.
 */
interface Step {

	/** Returns whether it can happen now. */
	boolean isEnabled();

	/** Lets it happen. It must be enabled. */
	void run();

}
