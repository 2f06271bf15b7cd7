package dev.cpg.client.internal.cpg.membership;

import java.time.Duration;
import java.util.function.Predicate;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;

/**
 * Asks the daemon to join or leave the group, and waits until that is agreed.
 */
public final class JoinAndLeave {

	/**
	 * For an earlier connection of this process, whose end the daemon may not know yet.
	 */
	private static final Duration TAKEN_LIMIT = Duration.ofMillis(250);

	private final IpcConnection connection;

	private final GroupQueries queries;

	private final MembershipState membership;

	private final CpgAddress localAddress;

	private final Predicate<Deadline> ordering;

	private final SessionSettings settings;

	/**
	 * Creates it.
	 * @param ordering finds out whether all that this node's daemon sent before has come
	 * back
	 */
	public JoinAndLeave(IpcConnection connection, GroupQueries queries, MembershipState membership,
			CpgAddress localAddress, Predicate<Deadline> ordering, SessionSettings settings) {
		this.connection = connection;
		this.queries = queries;
		this.membership = membership;
		this.localAddress = localAddress;
		this.ordering = ordering;
		this.settings = settings;
	}

	public void join(CpgGroupName group, Duration timeout) {
		Deadline deadline = Deadline.in(timeout);
		this.membership.beginJoin(group);
		try {
			requireRoom(group, deadline);
			requestJoin(group, deadline);
		}
		catch (CorosyncException ex) {
			this.membership.cancelJoin();
			throw ex;
		}
		awaitJoined(group, deadline, timeout);
	}

	/** Does not count an earlier member under this id, which is gone once this joins. */
	private void requireRoom(CpgGroupName group, Deadline deadline) {
		long members = this.queries.membership(group, deadline)
			.stream()
			.filter((member) -> member.nodeId() == this.localAddress.nodeId() && !member.equals(this.localAddress))
			.count();
		if (members >= CpgView.MAX_MEMBERS_OF_NODE) {
			throw new NodeFullException(group, (int) members);
		}
	}

	private void awaitJoined(CpgGroupName group, Deadline deadline, Duration timeout) {
		try {
			if (!this.membership.awaitJoined(deadline)) {
				throw this.connection.end(new CorosyncException(CsError.TIMEOUT,
						("The join of %s was not agreed within %d ms, as the ring re-forms or corosync is stopped; the"
								+ " connection was closed")
							.formatted(group, timeout.toMillis())));
			}
		}
		catch (NodeFullException ex) {
			leaveFullNode(group, deadline, ex);
			throw this.connection.end(ex);
		}
	}

	/** If the leave fails, the end of the connection removes this member. */
	private void leaveFullNode(CpgGroupName group, Deadline deadline, NodeFullException full) {
		try {
			this.connection.requests().ask(CpgRequests.leave(group, this.localAddress.pid()), deadline);
		}
		catch (CorosyncException ex) {
			full.addSuppressed(ex);
		}
	}

	public void leave(Duration timeout) {
		Deadline deadline = Deadline.in(timeout);
		CpgGroupName group = this.membership.beginLeave();
		try {
			this.connection.requests().ask(CpgRequests.leave(group, this.localAddress.pid()), deadline);
		}
		catch (CorosyncException ex) {
			this.membership.cancelLeave();
			throw ex;
		}
		if (!this.membership.awaitLeft(deadline)) {
			throw new CorosyncException(CsError.TIMEOUT,
					"The leave of %s was not agreed within %d ms".formatted(group, timeout.toMillis()));
		}
	}

	/**
	 * Corosync refuses for now while its ring re-forms, and while it still counts an
	 * earlier member under the same id.
	 */
	private void requestJoin(CpgGroupName group, Deadline deadline) {
		Deadline taken = Deadline.in(TAKEN_LIMIT);
		GhostCheck ghostCheck = new GhostCheck(this.queries, this.localAddress, group, this.ordering);
		while (true) {
			CsError error = this.connection.requests()
				.askOnce(CpgRequests.join(group, this.localAddress.pid()), deadline)
				.error();
			if (error == CsError.OK) {
				return;
			}
			if (error == CsError.EXIST && (taken.isOver() || deadline.isNear())) {
				throw new MemberIdTakenException(this.localAddress, group, memberIdSetting());
			}
			if (error == CsError.TRY_AGAIN && ghostCheck.isGhost(deadline)) {
				throw ghostCheck.exception(memberIdSetting());
			}
			boolean again = error == CsError.TRY_AGAIN || error == CsError.BUSY || error == CsError.EXIST;
			if (!again || deadline.isNear()) {
				throw new CorosyncException(error, "Corosync refused to join the group " + group);
			}
			deadline.pause();
		}
	}

	private String memberIdSetting() {
		return this.settings.nameOf(CorosyncSetting.MEMBER_ID);
	}

}
