package dev.cpg.client.internal.cpg.send;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.SendGate;
import dev.cpg.client.internal.ipc.transport.FlowControl;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages that are too large for one frame.
 */
public final class FragmentSender {

	private final IpcConnection connection;

	private final MembershipState membership;

	private final PendingSends pending;

	private final Duration requestTimeout;

	/** How many bytes of a message go in one fragment. */
	private final int size;

	/**
	 * Held over all fragments of a message: receivers can separate the fragments of two
	 * senders, but not those of two messages of one sender.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	FragmentSender(IpcConnection connection, MembershipState membership, PendingSends pending, Duration requestTimeout,
			int size) {
		this.connection = connection;
		this.membership = membership;
		this.pending = pending;
		this.requestTimeout = requestTimeout;
		this.size = size;
	}

	/**
	 * Sends a message in fragments, each answered by the daemon. If the membership
	 * changes between the first and the last, the daemon refuses the rest, as a member
	 * that joined has not seen the first. Then the whole message is sent again.
	 * @param hash the message's hash
	 * @param limit how long it may take to send
	 * @return the message's future, which is pending
	 * @throws CorosyncException if it was not sent
	 */
	SendFuture send(byte[] message, long hash, Deadline limit) {
		return send(message, hash, this.size, limit);
	}

	/**
	 * Sends a message as {@link #send(byte[], long, Deadline)} does, in fragments of a
	 * size that is less than the message's.
	 */
	SendFuture send(byte[] message, long hash, int size, Deadline limit) {
		this.connection.sends().requireNotSending();
		try {
			if (!limit.lockInterruptibly(this.lock)) {
				throw SendGate.notSent(CsError.TRY_AGAIN);
			}
			SendFuture sent = null;
			while (sent == null) {
				sent = sendOnce(message, hash, size, limit);
			}
			return sent;
		}
		finally {
			EndableLock.unlock(this.lock);
		}
	}

	/** Returns {@code null} if the membership changed. */
	private @Nullable SendFuture sendOnce(byte[] message, long hash, int size, Deadline limit) {
		int sent = 0;
		while (true) {
			awaitOpen(limit);
			int length = Math.min(size, message.length - sent);
			boolean last = sent + length == message.length;
			int type = (sent == 0) ? FragmentType.FIRST : last ? FragmentType.LAST : FragmentType.MIDDLE;
			SendFuture future = last ? new SendFuture(message.length, hash, limit.nanoTime()) : null;
			CsError error = sendFragment(message, sent, length, type, future);
			if (error != CsError.OK && future != null) {
				this.pending.withdraw(future);
			}
			switch (error) {
				case OK -> {
					if (future != null) {
						return future;
					}
					sent += length;
				}
				case INTERRUPT -> {
					return null;
				}
				case TRY_AGAIN -> limit.pause();
				default -> throw SendGate.notSent(error);
			}
			if (limit.isOver() || Thread.currentThread().isInterrupted()) {
				throw SendGate.notSent(CsError.TRY_AGAIN);
			}
		}
	}

	/**
	 * Waits until the daemon takes messages. Until then it reads nothing from a
	 * connection, and a fragment that lies there would keep it busy looking.
	 */
	private void awaitOpen(Deadline limit) {
		while (this.connection.sends().flowControl() != FlowControl.OPEN) {
			this.connection.requireOpen("multicast");
			if (limit.isOver() || Thread.currentThread().isInterrupted()) {
				throw SendGate.notSent(CsError.TRY_AGAIN);
			}
			limit.rest();
		}
	}

	/**
	 * Sends a fragment, with the time limit of a request. To give up on its answer would
	 * end the connection, for which a send limit that is nearly over is no reason.
	 */
	private CsError sendFragment(byte[] message, int from, int length, int type, @Nullable SendFuture future) {
		this.membership.requireJoined();
		AtomicBoolean underWay = new AtomicBoolean();
		try {
			Request<Boolean> request = CpgRequests.partialMulticast(message, from, length, type);
			if (future != null) {
				request = request.beforeWriting(() -> {
					if (!this.pending.append(future)) {
						this.connection.requireOpen("multicast");
					}
					underWay.set(true);
				});
			}
			return this.connection.requests().askOnce(request, Deadline.in(this.requestTimeout)).error();
		}
		catch (CorosyncException ex) {
			if (underWay.get()) {
				// The daemon may have the whole of it. The connection has ended, and the
				// future completes with that.
				return CsError.OK;
			}
			throw ex;
		}
	}

}
