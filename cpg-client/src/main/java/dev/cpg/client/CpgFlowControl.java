package dev.cpg.client;

/**
 * What the engine takes at the moment. See {@code cpg_flow_control_state_get(3)}.
 */
public enum CpgFlowControl {

	/** Everything. */
	OPEN,

	/** Requests, but no multicasts: the ring re-forms, or totem's queue is full. */
	NO_MULTICAST,

	/** Nothing: the engine is at its limit. */
	CLOSED

}
