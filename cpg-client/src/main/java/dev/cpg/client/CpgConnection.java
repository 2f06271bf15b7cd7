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
 * Any thread may call anything, virtual threads included, and interrupting a caller never
 * costs the connection. Every call ends: within the time limit that it is given, or that
 * of the connector. Once the connection has ended every call fails with
 * {@link CsError#BAD_HANDLE}. An argument that is {@code null} is a
 * {@link NullPointerException} of the call, which has no effect then.
 */
public interface CpgConnection extends AutoCloseable {

	/**
	 * Joins a group and waits until the other members know. When it returns, the own
	 * address is among the {@link #view() view}'s members, and the listener has been told
	 * or is about to be.
	 * @param group the group
	 * @param timeout how long to wait
	 * @throws CorosyncException with {@link CsError#EXIST} if the same member id is in
	 * the group on this node already or this connection is in a group,
	 * {@link CsError#TRY_AGAIN} if the engine takes no join now, or goes on counting an
	 * earlier member under the same id that has ended, {@link CsError#TIMEOUT} if the
	 * join was not agreed in time (the ring re-forms, or the daemon does not answer); the
	 * connection is closed then
	 */
	void join(CpgGroupName group, Duration timeout);

	/**
	 * Leaves the group and waits until the other members know. The connection stays open,
	 * and may join the same group or another. The listener may still be about to be told
	 * of what came before, and of the leave.
	 * @param timeout how long to wait
	 * @throws CorosyncException with {@link CsError#NOT_EXIST} if this connection is in
	 * no group, {@link CsError#TIMEOUT} if the leave was not agreed in time
	 */
	void leave(Duration timeout);

	/**
	 * Sends a message to all members of the joined group, the sender included. The
	 * message is taken before the call returns; the array may be used again.
	 * <p>
	 * The call waits while the engine takes no messages, at most for the connector's send
	 * limit. The returned future completes with the view in which the sender's own
	 * message was delivered; the own listener has been told of it then, or is about to
	 * be. The other members of that view get it, too, unless the sender's node dies or is
	 * cut off just then: an engine delivers a message to its own node before the network
	 * has it, and the last ones may go no further. If the message goes in fragments, that
	 * view is without those who joined after the first one, as they cannot put it
	 * together. It completes exceptionally with a {@link CpgSendException}:
	 * {@linkplain CpgSendException.Outcome#LOST lost} if the engine dropped the message,
	 * {@linkplain CpgSendException.Outcome#UNKNOWN unknown} if the connection ended or
	 * the send limit passed before either was seen. Actions that depend on the future run
	 * on a thread that does nothing else; they may wait for other messages.
	 * <p>
	 * Equal messages under way at the same time cannot be told apart when they come back.
	 * If all of them come back each is known to be delivered; if one does not, those
	 * around it may end as unknown. About a thousand of them may be under way undecided,
	 * or 1 MiB; a further one waits, as for the engine. A number in each message makes
	 * them different.
	 * @param message the bytes, possibly none, at most {@link #maxMessageSize()}
	 * @return the outcome
	 * @throws CorosyncException with {@link CsError#NOT_EXIST} if this connection is in
	 * no group, {@link CsError#TOO_BIG} if the message is too large,
	 * {@link CsError#TRY_AGAIN} if the engine took no message within the limit,
	 * {@link CsError#INTERRUPT} if the thread was interrupted meanwhile and
	 * {@link CsError#LIBRARY} if the connection broke before: whatever is thrown, the
	 * message was not sent
	 */
	CompletableFuture<CpgView> multicast(byte[] message);

	/**
	 * Sends a message as {@link #multicast(byte[])} does, with a send limit of its own.
	 * @param message the bytes, possibly none, at most {@link #maxMessageSize()}
	 * @param timeout how long the call may wait, and its outcome take, in the place of
	 * the connector's send limit
	 * @return the outcome
	 * @throws CorosyncException as {@link #multicast(byte[])}
	 */
	CompletableFuture<CpgView> multicast(byte[] message, Duration timeout);

	/**
	 * Sends a message that is gathered from parts, as {@link #multicast(byte[])} does.
	 * @param parts the bytes between each one's position and limit, which stay as they
	 * are; together at most {@link #maxMessageSize()}
	 * @return the outcome
	 * @throws CorosyncException as {@link #multicast(byte[])}
	 */
	CompletableFuture<CpgView> multicast(ByteBuffer... parts);

	/**
	 * Sends a message that is written straight into the engine's memory, as
	 * {@link #multicast(byte[])} does.
	 * @param length the message's length in bytes, at most {@link #maxMessageSize()}
	 * @param writer writes just as many bytes; what it throws is thrown, and nothing is
	 * sent then
	 * @return the outcome
	 * @throws CorosyncException as {@link #multicast(byte[])}
	 */
	CompletableFuture<CpgView> multicast(int length, CpgMessageWriter writer);

	/**
	 * Sends a message as {@link #multicast(byte[])} does, unless it would have to wait.
	 * @param message the bytes, possibly none, at most {@link #maxAtomicMessageSize()}
	 * @return the outcome, or {@code null} if the engine takes no message now, which was
	 * not sent then
	 * @throws CorosyncException as {@link #multicast(byte[])}
	 */
	@Nullable CompletableFuture<CpgView> tryMulticast(byte[] message);

	/**
	 * Sends a message as {@link #tryMulticast(byte[])} does, with a send limit of its
	 * own.
	 * @param message the bytes, possibly none, at most {@link #maxAtomicMessageSize()}
	 * @param timeout how long its outcome may take, in the place of the connector's send
	 * limit
	 * @return the outcome, or {@code null} if the engine takes no message now, which was
	 * not sent then
	 * @throws CorosyncException as {@link #multicast(byte[])}
	 */
	@Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout);

	/**
	 * Returns what the engine takes at the moment, without asking it.
	 */
	CpgFlowControl flowControl();

	/**
	 * Asks the engine for the members of a group, joined or not.
	 * @param group the group
	 * @return the members, sorted by node id and pid; empty if there is no such group
	 * @throws CorosyncException with {@link CsError#TIMEOUT} if there was no answer in
	 * time; the connection is closed then
	 */
	List<CpgAddress> membership(CpgGroupName group);

	/**
	 * Asks the engine for all groups of the cluster and their members, without joining
	 * any; the equivalent of {@code cpg_iteration_initialize(3)}. It costs the engine one
	 * answer for each member.
	 * @return the members of each group, sorted by node id and pid; unmodifiable
	 * @throws CorosyncException with {@link CsError#TIMEOUT} if there was no answer in
	 * time; the connection is closed then
	 */
	Map<CpgGroupName, List<CpgAddress>> groups();

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
	 * Returns the size of the largest message that can be sent, in bytes, as set for the
	 * connector.
	 */
	int maxMessageSize();

	/**
	 * Returns the size of the largest message that goes in one piece; a larger one goes
	 * as fragments, and again from the first if the membership changes midway.
	 */
	int maxAtomicMessageSize();

	/**
	 * Returns how many bytes the engine has delivered that the listener has not been told
	 * of yet.
	 */
	long deliveryQueueBytes();

	/**
	 * Returns how long what the listener is being told of, or will be next, has been
	 * there; zero if it has been told of everything. It is measured for the bursts in
	 * which events arrive, not for each event.
	 */
	Duration deliveryLag();

	/**
	 * Returns how many messages of others could not be delivered since the last join:
	 * they are larger than this member takes, their lengths contradict each other, the
	 * unfinished messages of all senders took more memory than they may, or their first
	 * fragment was delivered before this member joined. The log says which.
	 */
	long droppedMessages();

	/**
	 * Returns how many bytes of memory messages take of which fragments have arrived and
	 * others are missing.
	 */
	long reassemblyBytes();

	/**
	 * Returns whether the connection has not ended.
	 */
	boolean isOpen();

	/**
	 * Returns what has ended the connection, as the listener is told when it has been
	 * told of all that came before.
	 * @return {@code null} while it is open, and if the application has closed it
	 */
	@Nullable CorosyncException failure();

	/**
	 * Ends the connection. Others see a member that did not leave before as
	 * {@link CpgReason#PROCDOWN}. Returns when the connection's resources are given back;
	 * called by the listener, it returns at once. Does nothing on a connection that has
	 * ended.
	 */
	@Override
	void close();

}
