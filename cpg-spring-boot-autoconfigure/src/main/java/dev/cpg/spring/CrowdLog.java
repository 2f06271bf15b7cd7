package dev.cpg.spring;

import dev.cpg.client.log.CpgLog;

/**
 * Warns, once each time, when a group comes to have about as many members on a node as
 * corosync survives the loss of.
 */
final class CrowdLog {

	private final GroupState group;

	private boolean warned;

	CrowdLog(GroupState group) {
		this.group = group;
	}

	/** The members may be others now; called by one thread. */
	void look() {
		String crowd = this.group.getSnapshot().crowd();
		if (crowd != null && !this.warned) {
			CpgLog.MEMBERSHIP.warn()
				.with("group", this.group.getName())
				.log("Group '{}' is crowded: {}", this.group.getName(), crowd);
		}
		this.warned = crowd != null;
	}

}
