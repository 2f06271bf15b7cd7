package dev.cpg.client.corosync;

/**
 * What the daemon allows to be sent at the moment.
 */
enum FlowControl {

	/** Everything. */
	OPEN,

	/** Requests, but no multicasts: the ring re-forms, or totem's queue is full. */
	NO_MULTICAST,

	/** Nothing. */
	CLOSED

}
