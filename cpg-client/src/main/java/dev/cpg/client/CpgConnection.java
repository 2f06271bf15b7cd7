package dev.cpg.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A connection to the cluster engine, which can be a member of one group.
 * <p>
 * Any thread may call anything, virtual threads included, and interrupting a caller never
 * costs the connection. Every call ends: within the time limit that it is given, or that
 * of the connector. Once the connection has ended every call fails with
 * {@link CsError#BAD_HANDLE}.
 */
public interface CpgConnection extends AutoCloseable {

	/**
	 * Joins a group and waits until the other members know. When it returns, the own
	 * address is among the {@link #view() view}'s members, and the listener has been told
	 * or is about to be.
	 * @param group the group
	 * @param timeout how long to wait
	 * @throws CpgException with {@link CsError#EXIST} if the same member id is in the
	 * group on this node already or this connection is in a group,
	 * {@link CsError#TIMEOUT} if the join was not agreed in time (the ring re-forms, or
	 * the daemon does not answer)
	 */
	void join(CpgGroupName group, Duration timeout);

	/**
	 * Leaves the group and waits until the other members know. The connection stays open,
	 * but corosync lets it join no group again: open another one for that.
	 * @param timeout how long to wait
	 * @throws CpgException with {@link CsError#NOT_EXIST} if this connection is in no
	 * group, {@link CsError#TIMEOUT} if the leave was not agreed in time
	 */
	void leave(Duration timeout);

	/**
	 * Sends a message to all members of the joined group, the sender included. The
	 * message is taken before the call returns; the array may be used again.
	 * <p>
	 * The call waits while the engine takes no messages, at most for the connector's send
	 * limit. The returned future completes with the view in which the sender's own
	 * message was delivered. It completes exceptionally with a {@link CpgSendException}:
	 * {@linkplain CpgSendException.Outcome#LOST lost} if the engine dropped the message,
	 * {@linkplain CpgSendException.Outcome#UNKNOWN unknown} if the connection ended or
	 * the send limit passed before either was seen. Actions that depend on the future run
	 * on a thread of their own, not on one of the connection's.
	 * @param message the bytes, possibly none, at most {@link #maxMessageSize()}
	 * @return the outcome
	 * @throws CpgException with {@link CsError#NOT_EXIST} if this connection is in no
	 * group, {@link CsError#TOO_BIG} if the message is too large,
	 * {@link CsError#TRY_AGAIN} if the engine took no message within the limit: the
	 * message was not sent
	 */
	CompletableFuture<CpgView> multicast(byte[] message);

	/**
	 * Asks the engine for the members of a group, joined or not.
	 * @param group the group
	 * @return the members, sorted by node id and pid; empty if there is no such group
	 * @throws CpgException with {@link CsError#TIMEOUT} if there was no answer in time;
	 * the connection is closed then
	 */
	List<CpgAddress> membership(CpgGroupName group);

	/**
	 * Returns the group's view as far as the listener has been told, without asking the
	 * engine: {@link CpgView#NONE} before the join, after the leave and after the end of
	 * the connection.
	 */
	CpgView view();

	/**
	 * Returns the id of the node that the engine runs on, an unsigned 32-bit number,
	 * without asking the engine.
	 */
	long localNodeId();

	/**
	 * Returns the address under which this connection joins: the local node's id and the
	 * connector's member id.
	 */
	CpgAddress localAddress();

	/**
	 * Returns the size of the largest message that can be sent, in bytes.
	 */
	int maxMessageSize();

	/**
	 * Returns how many bytes the engine has delivered that the listener has not been told
	 * of yet.
	 */
	long deliveryQueueBytes();

	/**
	 * Returns whether the connection has not ended.
	 */
	boolean isOpen();

	/**
	 * Ends the connection. Others see a member that did not leave before as
	 * {@link CpgReason#PROCDOWN}. Returns when the connection's resources are given back;
	 * called by the listener, it returns at once. Does nothing on a connection that has
	 * ended.
	 */
	@Override
	void close();

}
