package dev.cpg.spring;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;

/**
 * Warns when a group gets dangerously many members: once each time that it does, but at
 * most once a minute, since one member may join and leave again and again.
 */
final class CrowdLog {

	private final GroupState group;

	private final LogLimit limit = new LogLimit();

	private boolean warned;

	CrowdLog(GroupState group) {
		this.group = group;
	}

	/** The members may have changed; called by the delivery thread. */
	void groupChanged() {
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
