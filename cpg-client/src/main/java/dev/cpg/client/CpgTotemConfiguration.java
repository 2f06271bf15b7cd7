package dev.cpg.client;

import java.util.List;

/**
 * The ring changed, or is reported for the first time after a join.
 *
 * @param view the group's view on the new ring
 * @param nodeIds the ids of the ring's nodes, unsigned 32-bit numbers; unmodifiable
 */
public record CpgTotemConfiguration(CpgView view, List<Long> nodeIds) {

	public CpgTotemConfiguration {
		nodeIds = List.copyOf(nodeIds);
	}

	/**
	 * Returns the id of the ring.
	 */
	public RingId ring() {
		return this.view.ring();
	}

}
