package dev.cpg.client;

import java.util.List;

/**
 * A group's membership as agreed at one point of the total order: on which ring, and who.
 *
 * @param ring the totem ring that agreed on it
 * @param members the members, sorted by node id and pid; unmodifiable
 */
public record CpgView(RingId ring, List<CpgAddress> members) {

	/**
	 * The view of whoever has not joined: no ring, no members.
	 */
	public static final CpgView NONE = new CpgView(RingId.NONE, List.of());

	public CpgView {
		members = List.copyOf(members);
	}

}
