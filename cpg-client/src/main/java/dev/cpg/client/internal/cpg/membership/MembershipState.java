package dev.cpg.client.internal.cpg.membership;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * How far a connection is with its one membership: corosync lets a connection join once.
 * Any thread may call it.
 */
public final class MembershipState {

	private final CpgAddress localAddress;

	private volatile State state = State.NONE;

	private volatile @Nullable CpgGroupName group;

	private final CompletableFuture<@Nullable Void> joined = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();

	/**
	 * Creates the state of a connection that has not joined.
	 * @param localAddress this member's address
	 */
	public MembershipState(CpgAddress localAddress) {
		this.localAddress = localAddress;
	}

	public CpgAddress localAddress() {
		return this.localAddress;
	}

	/** Returns the group, {@code null} before the first join was asked for. */
	public @Nullable CpgGroupName group() {
		return this.group;
	}

	/**
	 * Returns the group.
	 * @throws CorosyncException if there is none: the daemon may not send events then
	 */
	public CpgGroupName requireGroup() {
		CpgGroupName group = this.group;
		if (group == null) {
			throw new CorosyncException(CsError.MESSAGE_ERROR,
					"The daemon sent an event of a group before any was joined");
		}
		return group;
	}

	/** The daemon is about to be asked for the join. */
	public synchronized void beginJoin(CpgGroupName group) {
		if (this.state != State.NONE) {
			throw new CorosyncException((this.state == State.LEFT) ? CsError.BAD_OPERATION : CsError.EXIST,
					"Cannot join %s: this connection %s the group %s; open another connection".formatted(group,
							(this.state == State.LEFT) ? "has left" : "is in", this.group));
		}
		this.group = group;
		this.state = State.JOINING;
	}

	/** The daemon refused the join: another may be tried. */
	synchronized void cancelJoin() {
		this.state = State.NONE;
	}

	/**
	 * This member's join was agreed: multicasts are delivered from here on. Others may
	 * have joined at the same time: the one whose join finds the node full must leave.
	 * @return whether it may stay
	 */
	public synchronized boolean joined(CpgView view) {
		int members = view.membersOf(this.localAddress.nodeId());
		if (members > CpgView.MAX_MEMBERS_OF_NODE) {
			this.state = State.REFUSED;
			this.joined.completeExceptionally(new NodeFullException(this.group, members - 1));
			return false;
		}
		if (this.state == State.JOINING) {
			this.state = State.JOINED;
		}
		return true;
	}

	/** The listener is about to be notified of this member's join. */
	public void joinDispatched() {
		this.joined.complete(null);
	}

	public boolean isJoined() {
		return this.state == State.JOINED;
	}

	public void requireJoined() {
		if (this.state != State.JOINED) {
			throw new CorosyncException(CsError.NOT_EXIST,
					"Cannot multicast: this connection is " + ((this.state == State.JOINING) ? "not yet" : "not")
							+ " a member of a group, and corosync would drop the message");
		}
	}

	/**
	 * The daemon is about to be asked for the leave.
	 * @return the group to leave
	 */
	synchronized CpgGroupName beginLeave() {
		CpgGroupName group = this.group;
		if (this.state != State.JOINED || group == null) {
			throw new CorosyncException(CsError.NOT_EXIST, "Cannot leave: this connection is in no group");
		}
		this.state = State.LEAVING;
		return group;
	}

	/** The daemon could not be asked for the leave, or refused it. */
	synchronized void cancelLeave() {
		if (this.state == State.LEAVING) {
			this.state = State.JOINED;
		}
	}

	public boolean isLeaving() {
		return this.state == State.LEAVING;
	}

	/**
	 * This member's leave was agreed: whoever waits for it need not wait for the
	 * listener, too.
	 */
	public synchronized void left() {
		this.state = State.LEFT;
		this.left.complete(null);
	}

	public boolean isLeft() {
		return this.state == State.LEFT;
	}

	/** The connection ended: nobody needs to wait any more. */
	public void ended(CorosyncException cause) {
		this.joined.completeExceptionally(cause);
		this.left.completeExceptionally(cause);
	}

	/**
	 * Waits until the listener is notified of this member's join.
	 * @return whether it is, before the deadline
	 * @throws CorosyncException if the connection ended, or the node is full
	 */
	boolean awaitJoined(Deadline deadline) {
		return await(this.joined, deadline);
	}

	/**
	 * Waits until this member's leave is agreed.
	 * @return whether it is, before the deadline
	 * @throws CorosyncException if the connection ended
	 */
	boolean awaitLeft(Deadline deadline) {
		return await(this.left, deadline);
	}

	private static boolean await(CompletableFuture<?> future, Deadline deadline) {
		if (!deadline.await(future)) {
			return false;
		}
		try {
			future.join();
			return true;
		}
		catch (CompletionException ex) {
			throw (CorosyncException) ex.getCause();
		}
	}

	private enum State {

		/** No join was asked for, or it was refused. */
		NONE,

		/** The join was asked for. */
		JOINING,

		/** The join was agreed. */
		JOINED,

		/** The leave was asked for. */
		LEAVING,

		/** The leave was agreed. */
		LEFT,

		/** The join was agreed, but must be taken back, as the node is full. */
		REFUSED

	}

}
