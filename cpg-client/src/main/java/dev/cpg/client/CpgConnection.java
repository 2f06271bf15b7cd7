package dev.cpg.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A connection to the cluster engine, which can be a member of one group.
 * <p>
 * Any thread may call any method, virtual threads included, and an interrupt of a caller
 * never costs the connection. Every call ends: within the time limit that it is given, or
 * within that of the connector. Once the connection has ended, every call that needs the
 * engine fails with {@link CsError#BAD_HANDLE}. An argument that is {@code null} leads to
 * a {@link NullPointerException}, and the call then has no effect.
 * <p>
 * An engine implements the abstract methods. The other ones are convenient forms of them,
 * which an engine overrides where it can do better.
 */
public interface CpgConnection extends AutoCloseable {

	/**
	 * Joins a group and waits until all members have agreed on the join. When this
	 * returns, this member's address is in the {@link #view() view}, and the listener has
	 * been notified or is about to be. See {@code cpg_join(3)}.
	 * @param group the group
	 * @param timeout how long to wait
	 * @throws CorosyncException with {@link CsError#EXIST} if a member of the group on
	 * this node has the same member id already or if this connection is in a group; with
	 * {@link CsError#NO_RESOURCES} if this node has as many members of the group as is
	 * safe, see {@link CpgView#MAX_MEMBERS_OF_NODE}; with {@link CsError#TRY_AGAIN} if
	 * the engine takes no join now, or still counts an earlier member under the same id
	 * that has ended; with {@link CsError#TIMEOUT} if the join was not agreed in time,
	 * because the ring re-forms or the daemon does not answer, and the connection is
	 * closed then; with {@link CsError#BAD_OPERATION} if the listener calls
	 */
	void join(CpgGroupName group, Duration timeout);

	/**
	 * Leaves the group and waits until all members have agreed on the leave. The
	 * connection stays open and may join the same group again, or another. The listener
	 * may still be about to be notified of what came before the leave, and of the leave.
	 * See {@code cpg_leave(3)}.
	 * @param timeout how long to wait
	 * @throws CorosyncException with {@link CsError#NOT_EXIST} if this connection is in
	 * no group; with {@link CsError#TIMEOUT} if the leave was not agreed in time; with
	 * {@link CsError#BAD_OPERATION} if the listener calls
	 */
	void leave(Duration timeout);

	/**
	 * Sends a message to all members of the joined group, this member included. The
	 * message is copied before the call returns; the array may be used again. See
	 * {@code cpg_mcast_joined(3)}; the guarantee is that of {@code CPG_TYPE_AGREED}: all
	 * members receive all messages and all changes of the group in the same order.
	 * <p>
	 * The call waits while the engine takes no messages, at most for the timeout. The
	 * returned future completes when this member's own message is delivered back to it,
	 * with the view in which that happened. Its listener has been notified of the message
	 * then, or is about to be. The other members of that view receive the message, too,
	 * unless the sender's node dies or is cut off at that moment: an engine delivers a
	 * message to its own node before the network has it, and the last ones may go no
	 * further. If the message goes in fragments, that view is without the members that
	 * joined after the first fragment, as they cannot put the message together.
	 * <p>
	 * The future completes exceptionally with a {@link CpgSendException}:
	 * {@linkplain CpgSendException.Outcome#LOST lost} if the engine dropped the message,
	 * {@linkplain CpgSendException.Outcome#UNKNOWN unknown} if the connection ended or
	 * the timeout passed before the outcome was known. Actions that depend on the future
	 * run on a thread that does nothing else; they may wait for other messages.
	 * <p>
	 * Equal messages under way at the same time cannot be distinguished when they are
	 * delivered. If all of them are, each is known to be delivered; if one is not, those
	 * around it may end as unknown. About a thousand equal messages, or 1 MiB of them,
	 * may be under way undecided; a further one waits as for the engine. A number in each
	 * message makes them different.
	 * @param message the bytes, possibly none, at most {@link CpgLimits#maxMessageSize()}
	 * @param timeout how long the call may wait, and how long its outcome may take
	 * @return the outcome
	 * @throws CorosyncException if the message was not sent: with
	 * {@link CsError#NOT_EXIST} if this connection is in no group; with
	 * {@link CsError#TOO_BIG} if the message is too large; with {@link CsError#TRY_AGAIN}
	 * if the engine took no message within the timeout; with {@link CsError#INTERRUPT} if
	 * the thread was interrupted while it waited; with {@link CsError#LIBRARY} if the
	 * connection broke before
	 */
	CompletableFuture<CpgView> multicast(byte[] message, Duration timeout);

	/**
	 * Sends a message as {@link #multicast(byte[], Duration)} does, unless it would have
	 * to wait.
	 * @param message the bytes, possibly none, at most
	 * {@link CpgLimits#maxAtomicMessageSize()}
	 * @param timeout how long its outcome may take
	 * @return the outcome, or {@code null} if the engine takes no message now and this
	 * one was not sent
	 * @throws CorosyncException as {@link #multicast(byte[], Duration)}
	 */
	@Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout);

	/**
	 * Sends a message as {@link #multicast(byte[], Duration)} does, within the
	 * connector's {@linkplain CpgLimits#sendTimeout() send timeout}.
	 * @param message the bytes, possibly none, at most {@link CpgLimits#maxMessageSize()}
	 * @return the outcome
	 * @throws CorosyncException as {@link #multicast(byte[], Duration)}
	 */
	default CompletableFuture<CpgView> multicast(byte[] message) {
		return multicast(message, limits().sendTimeout());
	}

	/**
	 * Sends a message as {@link #tryMulticast(byte[], Duration)} does, within the
	 * connector's {@linkplain CpgLimits#sendTimeout() send timeout}.
	 * @param message the bytes, possibly none, at most
	 * {@link CpgLimits#maxAtomicMessageSize()}
	 * @return the outcome, or {@code null} if the engine takes no message now and this
	 * one was not sent
	 * @throws CorosyncException as {@link #multicast(byte[], Duration)}
	 */
	default @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message) {
		return tryMulticast(message, limits().sendTimeout());
	}

	/**
	 * Sends a message as {@link #multicast(byte[])} does. An engine may let it be written
	 * straight into its own memory; by default it is written into an array.
	 * @param length the message's length in bytes, at most
	 * {@link CpgLimits#maxMessageSize()}
	 * @param writer writes exactly that many bytes; what it throws is thrown by this
	 * method, and then nothing is sent
	 * @return the outcome
	 * @throws CorosyncException as {@link #multicast(byte[], Duration)}
	 * @throws IllegalArgumentException if the writer wrote less
	 */
	default CompletableFuture<CpgView> multicast(int length, CpgMessageWriter writer) {
		CpgLimits limits = limits();
		limits.requireMessageSize(length);
		return multicast(writer.toBytes(length), limits.sendTimeout());
	}

	/**
	 * Sends a message that is gathered from parts, as {@link #multicast(byte[])} does.
	 * @param parts the bytes between each one's position and limit, which stay as they
	 * are; together at most {@link CpgLimits#maxMessageSize()}
	 * @return the outcome
	 * @throws CorosyncException as {@link #multicast(byte[], Duration)}
	 */
	default CompletableFuture<CpgView> multicast(ByteBuffer... parts) {
		return multicast(MessageParts.length(parts), MessageParts.writer(parts));
	}

	/**
	 * Returns what the engine takes at the moment, without asking it. See
	 * {@code cpg_flow_control_state_get(3)}.
	 */
	CpgFlowControl flowControl();

	/**
	 * Asks the engine for all groups of the cluster and their members, without joining
	 * any. It costs the engine one answer for each member. See
	 * {@code cpg_iteration_initialize(3)}.
	 * @return the members of each group, sorted by node id and pid; unmodifiable
	 * @throws CorosyncException with {@link CsError#TIMEOUT} if there was no answer in
	 * time; the connection is closed then
	 */
	Map<CpgGroupName, List<CpgAddress>> groups();

	/**
	 * Asks the engine for the members of a group, joined or not. See
	 * {@code cpg_membership_get(3)}.
	 * @param group the group
	 * @return the members, sorted by node id and pid; empty if there is no such group
	 * @throws CorosyncException as {@link #groups()}
	 */
	default List<CpgAddress> membership(CpgGroupName group) {
		return groups().getOrDefault(group, List.of());
	}

	/**
	 * Returns the group's view as of the last change that the listener was notified of,
	 * without asking the engine: {@link CpgView#NONE} before the join, after the leave
	 * and after the end of the connection.
	 */
	CpgView view();

	/**
	 * Returns whether a listener that was notified of a number of changes knows of all
	 * that have arrived, without asking the engine. It does not while later ones wait for
	 * it, be it that it is busy with an earlier event, while a change waits for its ring,
	 * while its queue is full so that the connection takes no more from the engine, after
	 * the end of the connection, and if the engine cannot say, as is the default.
	 * @param changes how many calls of {@link CpgListener#configurationChanged} and
	 * {@link CpgListener#totemChanged} the listener has had, those that have not returned
	 * included
	 */
	default boolean isCurrent(long changes) {
		return false;
	}

	/**
	 * Has something run by the thread that calls the listener, as if it were one of the
	 * listener's calls: after the events that are in the queue now, and before those that
	 * come later. The queue's capacity does not count. For an interceptor and what it
	 * makes run elsewhere; any thread may call, and the call does not block.
	 * <p>
	 * Calls are run in the order in which they were posted. What is posted after
	 * {@link CpgInterceptor#closed}, or after a leave and before another join, may not be
	 * run at all.
	 * @param call what to run; what it throws is logged
	 * @throws CorosyncException with {@link CsError#BAD_OPERATION} if the connection was
	 * opened without an interceptor
	 */
	default void post(Runnable call) {
		throw new CorosyncException(CsError.NOT_SUPPORTED,
				"This cluster engine has no interceptors: " + getClass().getName() + " does not implement them");
	}

	/**
	 * Returns the address under which this connection joins: the local node's id and the
	 * member id.
	 */
	CpgAddress localAddress();

	/**
	 * Returns the id of the node that the engine runs on, an unsigned 32-bit number,
	 * without asking the engine. See {@code cpg_local_get(3)}.
	 */
	default long localNodeId() {
		return localAddress().nodeId();
	}

	/**
	 * Returns the limits of what is sent.
	 */
	CpgLimits limits();

	/**
	 * Returns figures on what was received, as of now.
	 */
	default CpgDeliveryStatistics statistics() {
		return CpgDeliveryStatistics.NONE;
	}

	/**
	 * Returns whether messages go in batches, and figures on these, as of now.
	 */
	default CpgBatchStatistics batchStatistics() {
		return CpgBatchStatistics.NONE;
	}

	/**
	 * Returns whether the connection has not ended.
	 */
	boolean isOpen();

	/**
	 * Returns what has ended the connection. The listener gets the same once it has been
	 * notified of everything that came before.
	 * @return {@code null} while the connection is open, and if the application has
	 * closed it
	 */
	@Nullable CorosyncException failure();

	/**
	 * Ends the connection. The other members see one that did not leave before as
	 * {@link CpgReason#PROCDOWN}. Returns when the connection's resources are released;
	 * if the listener calls, it returns at once. Does nothing on a connection that has
	 * ended. See {@code cpg_finalize(3)}.
	 */
	@Override
	void close();

}
