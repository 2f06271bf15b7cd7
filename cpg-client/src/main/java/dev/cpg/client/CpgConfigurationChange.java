package dev.cpg.client;

import java.util.List;

/**
 * The group's membership changed. A member that sees this sees it at the same place in
 * the total order of messages as every other member of the view.
 * <p>
 * A change that comes of a ring change ({@link CpgReason#NODEDOWN},
 * {@link CpgReason#NODEUP}) carries the id of the new ring in its view, although corosync
 * reports the ring only afterwards.
 *
 * @param group the group
 * @param view the ring and the members after the change
 * @param left who left, with the reason; unmodifiable
 * @param joined who joined, with the reason; unmodifiable
 */
public record CpgConfigurationChange(CpgGroupName group, CpgView view, List<CpgMember> left, List<CpgMember> joined) {

	public CpgConfigurationChange {
		left = List.copyOf(left);
		joined = List.copyOf(joined);
	}

}
