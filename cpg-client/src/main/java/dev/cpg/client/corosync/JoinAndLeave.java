package dev.cpg.client.corosync;

import java.time.Duration;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CsError;

/**
 * Asks the daemon to join and to leave the group, and waits until that is agreed.
 */
final class JoinAndLeave {

	/** A ring that re-forms takes less, most of the time. */
	private static final Duration GHOST_LIMIT = Duration.ofSeconds(3);

	private final Link link;

	private final Queries queries;

	private final Membership membership;

	private final CpgAddress localAddress;

	JoinAndLeave(Link link, Queries queries, Membership membership, CpgAddress localAddress) {
		this.link = link;
		this.queries = queries;
		this.membership = membership;
		this.localAddress = localAddress;
	}

	void join(CpgGroupName group, Duration timeout) {
		Deadline deadline = Deadline.in(timeout);
		this.membership.joining(group);
		try {
			requestJoin(group, deadline);
		}
		catch (CpgException ex) {
			this.membership.notJoining();
			throw ex;
		}
		if (!this.membership.awaitJoined(deadline)) {
			throw this.link.end(new CpgException(CsError.TIMEOUT,
					("The join of %s was not agreed within %d ms, as the ring re-forms or corosync is stopped; the"
							+ " connection was closed")
						.formatted(group, timeout.toMillis())));
		}
	}

	void leave(Duration timeout) {
		Deadline deadline = Deadline.in(timeout);
		CpgGroupName group = this.membership.leaving();
		try {
			this.link.requests().ask(CpgProtocol.leave(group, this.localAddress.pid()), deadline);
		}
		catch (CpgException ex) {
			this.membership.notLeaving();
			throw ex;
		}
		if (!this.membership.awaitLeft(deadline)) {
			throw new CpgException(CsError.TIMEOUT,
					"The leave of %s was not agreed within %d ms".formatted(group, timeout.toMillis()));
		}
	}

	/**
	 * Corosync refuses for now while its ring re-forms, and while it still counts an
	 * earlier member under the same id. That is over soon, or never.
	 */
	private void requestJoin(CpgGroupName group, Deadline deadline) {
		Deadline ghost = Deadline.in(GHOST_LIMIT);
		while (true) {
			CsError error = this.link.requests()
				.askOnce(CpgProtocol.join(group, this.localAddress.pid()), deadline)
				.error();
			if (error == CsError.OK) {
				return;
			}
			if (error == CsError.EXIST) {
				throw new CpgException(CsError.EXIST,
						("Corosync has a member %s of the group %s already; give each member on a node a member id of"
								+ " its own (cpg.member-id), as two containers may have the same process id")
							.formatted(this.localAddress, group));
			}
			boolean again = error == CsError.TRY_AGAIN || error == CsError.BUSY;
			if (again && (ghost.isOver() || deadline.isNear()) && isCounted(group)) {
				throw new CpgException(CsError.TRY_AGAIN,
						("Corosync still counts %s as a member of the group %s, though no process is it any more: a"
								+ " ghost, which corosync can leave behind when a member ends while the ring re-forms."
								+ " Take another member id (cpg.member-id), or restart corosync on this node")
							.formatted(this.localAddress, group));
			}
			if (!again || deadline.isNear()) {
				throw new CpgException(error, "Corosync refused to join the group " + group);
			}
			ghost = ghost.isOver() ? Deadline.in(GHOST_LIMIT) : ghost;
			deadline.pause();
		}
	}

	private boolean isCounted(CpgGroupName group) {
		return this.queries.membership(group).contains(this.localAddress);
	}

}
