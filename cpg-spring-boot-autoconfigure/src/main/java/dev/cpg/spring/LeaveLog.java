package dev.cpg.spring;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * Logs how a stop goes. One warning of a leave is enough: the thread that stops and the
 * one that leaves both see it when it takes too long.
 */
final class LeaveLog {

	private final String group;

	private final CpgMembershipSettings settings;

	private final AtomicBoolean warned = new AtomicBoolean();

	LeaveLog(String group, CpgMembershipSettings settings) {
		this.group = group;
		this.settings = settings;
	}

	void left() {
		CpgLog.MEMBERSHIP.info().with("group", this.group).log("Left group '{}'", this.group);
	}

	void notLeft(CorosyncException failure) {
		if (this.warned.compareAndSet(false, true)) {
			warn().log("Group '{}' was not left in order, its members may see PROCDOWN: {}", this.group,
					failure.getMessage());
		}
	}

	void takesTooLong() {
		if (this.warned.compareAndSet(false, true)) {
			warn().log("Leaving group '{}' takes longer than {} ms ({}); it ends in the background", this.group,
					millis(), setting());
		}
	}

	/**
	 * The group was left, but a listener is still busy.
	 * @param busy with what, if that is known
	 */
	void listenersTakeTooLong(ListenerCalls.@Nullable Call busy) {
		warn().log(
				"Group '{}' was left, but not all listeners have returned within {} ms ({});"
						+ " they get no further events{}",
				this.group, millis(), setting(), (busy != null) ? ": " + busy : "");
	}

	private long millis() {
		return this.settings.leaveTimeout().toMillis();
	}

	private String setting() {
		return this.settings.name("leave-timeout", "leaveTimeout");
	}

	private LogLine warn() {
		return CpgLog.MEMBERSHIP.warn().with("group", this.group);
	}

}
