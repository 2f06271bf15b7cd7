package dev.cpg.spring;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;

/**
 * Warns when a group comes to have about as many members on a node as corosync survives
 * the loss of: once each time, and once a minute at most, as the member that makes the
 * difference may come and go.
 */
final class CrowdLog {

	private final GroupState group;

	private final LogLimit limit = new LogLimit();

	private boolean warned;

	CrowdLog(GroupState group) {
		this.group = group;
	}

	/** The members may be others now; called by one thread. */
	void look() {
		String crowd = this.group.getSnapshot().crowd();
		if (crowd != null && !this.warned) {
			this.limit.log("crowd", (leftOut) -> warn(crowd));
		}
		this.warned = crowd != null;
	}

	private void warn(String crowd) {
		CpgLog.MEMBERSHIP.warn()
			.with("group", this.group.getName())
			.log("Group '{}' is crowded: {}", this.group.getName(), crowd);
	}

}
