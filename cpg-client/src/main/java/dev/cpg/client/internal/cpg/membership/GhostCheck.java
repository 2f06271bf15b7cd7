package dev.cpg.client.internal.cpg.membership;

import java.time.Duration;
import java.util.function.Predicate;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;

/**
 * Recognizes a member under this member's id that corosync goes on counting though its
 * connection has ended: a ghost. For one join.
 * <p>
 * Corosync counts an earlier member until the end of that is agreed. What this node's
 * daemon sent before something that came back has come back, too, so whoever is counted
 * then stays.
 */
final class GhostCheck {

	/** For a leave that is agreed on; a ring that re-forms holds it up for longer. */
	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private final GroupQueries queries;

	private final CpgAddress localAddress;

	private final CpgGroupName group;

	private final Predicate<Deadline> ordering;

	private Deadline suspicion = Deadline.in(PATIENCE);

	/** Whether the end of any earlier member has been agreed. */
	private boolean agreed;

	/**
	 * Creates it.
	 * @param localAddress the address that may be a ghost's
	 * @param ordering finds out whether all that this node's daemon sent before has come
	 * back
	 */
	GhostCheck(GroupQueries queries, CpgAddress localAddress, CpgGroupName group, Predicate<Deadline> ordering) {
		this.queries = queries;
		this.localAddress = localAddress;
		this.group = group;
		this.ordering = ordering;
	}

	/** Returns whether it is certain by now that there is a ghost. */
	boolean isGhost(Deadline deadline) {
		if (this.agreed && isCounted(deadline)) {
			return true;
		}
		if (this.suspicion.isOver()) {
			this.agreed = isCounted(deadline) && this.ordering.test(deadline);
			this.suspicion = Deadline.in(PATIENCE);
		}
		return false;
	}

	private boolean isCounted(Deadline deadline) {
		return this.queries.membership(this.group, deadline).contains(this.localAddress);
	}

	/**
	 * Returns what is thrown if there is one.
	 * @param memberIdSetting how the application calls the setting of the member id
	 */
	CorosyncException exception(String memberIdSetting) {
		return new CorosyncException(CsError.TRY_AGAIN,
				("Corosync still counts %s as a member of the group %s, though no process is it any more: a"
						+ " ghost, which corosync can leave behind when a member ends while the ring re-forms."
						+ " Take another member id (%s), or restart corosync on this node")
					.formatted(this.localAddress, this.group, memberIdSetting),
				CorosyncSetting.MEMBER_ID, null);
	}

}
