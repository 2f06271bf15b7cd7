package dev.cpg.client.internal.cpg;

import java.time.Duration;
import java.util.function.Predicate;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.IpcConnection;

/**
 * Asks the daemon to join and to leave the group, and waits until that is agreed.
 */
public final class JoinAndLeave {

	/**
	 * For an earlier connection of this process, whose end the daemon may not know yet.
	 */
	private static final Duration TAKEN_LIMIT = Duration.ofMillis(250);

	/** For a leave that is agreed on; a ring that re-forms holds it up for longer. */
	private static final Duration GHOST_LIMIT = Duration.ofSeconds(3);

	private final IpcConnection connection;

	private final GroupQueries queries;

	private final MembershipState membership;

	private final CpgAddress localAddress;

	private final Predicate<Deadline> ordering;

	private final SessionSettings settings;

	/**
	 * Creates it.
	 * @param ordering finds out whether what this node's daemon sends is ordered: all
	 * that it sent before has come back when it says so
	 */
	JoinAndLeave(IpcConnection connection, GroupQueries queries, MembershipState membership, CpgAddress localAddress,
			Predicate<Deadline> ordering, SessionSettings settings) {
		this.connection = connection;
		this.queries = queries;
		this.membership = membership;
		this.localAddress = localAddress;
		this.ordering = ordering;
		this.settings = settings;
	}

	void join(CpgGroupName group, Duration timeout) {
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

	/** An earlier member under this id is gone when this one has joined. */
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

	/** In order if that can be: otherwise the end of the connection removes it. */
	private void leaveFullNode(CpgGroupName group, Deadline deadline, NodeFullException full) {
		try {
			this.connection.requests().ask(CpgRequests.leave(group, this.localAddress.pid()), deadline);
		}
		catch (CorosyncException ex) {
			full.addSuppressed(ex);
		}
	}

	void leave(Duration timeout) {
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
	 * earlier member under the same id. That is over when the end of that member is
	 * agreed, or never: what this node's daemon sent before something that came back has
	 * come back, so who is counted then stays.
	 */
	private void requestJoin(CpgGroupName group, Deadline deadline) {
		Deadline taken = Deadline.in(TAKEN_LIMIT);
		Deadline suspicion = Deadline.in(GHOST_LIMIT);
		boolean endedForSure = false;
		while (true) {
			CsError error = this.connection.requests()
				.askOnce(CpgRequests.join(group, this.localAddress.pid()), deadline)
				.error();
			if (error == CsError.OK) {
				return;
			}
			if (error == CsError.EXIST && (taken.isOver() || deadline.isNear())) {
				throw new MemberIdTakenException(this.localAddress, group,
						this.settings.nameOf(CorosyncSetting.MEMBER_ID));
			}
			boolean again = error == CsError.TRY_AGAIN || error == CsError.BUSY || error == CsError.EXIST;
			if (error == CsError.TRY_AGAIN && endedForSure && isCounted(group, deadline)) {
				throw ghost(group);
			}
			if (error == CsError.TRY_AGAIN && suspicion.isOver()) {
				endedForSure = isCounted(group, deadline) && this.ordering.test(deadline);
				suspicion = Deadline.in(GHOST_LIMIT);
			}
			if (!again || deadline.isNear()) {
				throw new CorosyncException(error, "Corosync refused to join the group " + group);
			}
			deadline.pause();
		}
	}

	private boolean isCounted(CpgGroupName group, Deadline deadline) {
		return this.queries.membership(group, deadline).contains(this.localAddress);
	}

	private CorosyncException ghost(CpgGroupName group) {
		return new CorosyncException(CsError.TRY_AGAIN,
				("Corosync still counts %s as a member of the group %s, though no process is it any more: a"
						+ " ghost, which corosync can leave behind when a member ends while the ring re-forms."
						+ " Take another member id (%s), or restart corosync on this node")
					.formatted(this.localAddress, group, this.settings.nameOf(CorosyncSetting.MEMBER_ID)),
				CorosyncSetting.MEMBER_ID, null);
	}

}
