package dev.cpg.client.internal.cpg.send;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.SendGate;
import dev.cpg.client.internal.ipc.SendSlot;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages that fit a frame: straight into the transport. A message is among the
 * pending ones before the daemon can know of it. It is still to be announced.
 * <p>
 * The report of a fault may come at any return, also while a slot is on its way from the
 * gate to this class, where nothing closes it. So it is left to the caller, who gives the
 * locks back; see {@link IpcConnection#faulted}.
 */
public final class FrameSender {

	static final String MULTICAST = "multicast";

	private final IpcConnection connection;

	private final MembershipState membership;

	private final PendingSends pending;

	private final DuplicateGate duplicateGate;

	private final ContentHash contentHash;

	/** What a writer wrote, read back while its frame is held, so by one at a time. */
	private byte[] readBack = new byte[0];

	public FrameSender(IpcConnection connection, MembershipState membership, PendingSends pending,
			DuplicateGate duplicateGate, ContentHash contentHash) {
		this.connection = connection;
		this.membership = membership;
		this.pending = pending;
		this.duplicateGate = duplicateGate;
		this.contentHash = contentHash;
	}

	/**
	 * Sends a message.
	 * @param future the message's future
	 * @param deadline the {@link System#nanoTime()} until which to wait, or
	 * {@link SendGate#NO_WAIT}
	 * @return whether it was sent; always, if it may wait
	 * @throws CorosyncException if it was not sent
	 */
	boolean send(byte[] message, SendFuture future, long deadline) {
		while (!trySend(message, future, deadline)) {
			if (deadline == SendGate.NO_WAIT) {
				return false;
			}
			this.duplicateGate.await(future, Deadline.at(deadline));
		}
		return true;
	}

	private boolean trySend(byte[] message, SendFuture future, long deadline) {
		try (SendSlot slot = claim(message.length, deadline)) {
			if (slot == null) {
				return false;
			}
			begin(slot, message.length);
			if (!this.pending.hasRoomFor(future)) {
				return false;
			}
			slot.frame().putBytes(CpgRequests.MULTICAST_HEADER, message, 0, message.length);
			commit(slot, future);
			return true;
		}
	}

	/**
	 * Sends a message that is written into the frame.
	 * @param length the message's length
	 * @param deadline the {@link System#nanoTime()} until which to wait
	 * @param instead whether what was written is not to be sent like this
	 * @param other sends it in another way
	 * @return the message's future
	 * @throws CorosyncException if it was not sent
	 */
	SendFuture send(int length, CpgMessageWriter writer, long deadline, BiPredicate<byte[], Integer> instead,
			Function<byte[], SendFuture> other) {
		SendFuture future;
		byte[] unsent = null;
		boolean otherwise;
		try (SendSlot slot = Objects.requireNonNull(claim(length, deadline))) {
			begin(slot, length);
			MessageTarget.write(writer, slot.frame(), CpgRequests.MULTICAST_HEADER, length);
			future = new SendFuture(length, hashOf(slot.frame(), length), deadline);
			otherwise = instead.test(this.readBack, length);
			if (!otherwise && this.pending.hasRoomFor(future)) {
				commit(slot, future);
			}
			else {
				// The writer writes once; what it wrote waits without the frame.
				unsent = Arrays.copyOf(this.readBack, length);
			}
		}
		if (unsent != null && otherwise) {
			return other.apply(unsent);
		}
		if (unsent != null) {
			send(unsent, future, deadline);
		}
		return future;
	}

	/**
	 * Writes a message into a slot, and what it is recognised by into its future.
	 * @return {@code false} if it must not be sent now
	 */
	boolean write(SendSlot slot, byte[] message, SendFuture future) {
		future.identify(message.length, this.contentHash.of(message));
		if (!this.pending.hasRoomFor(future)) {
			return false;
		}
		CpgRequests.writeMulticastHeader(slot.frame(), message.length);
		slot.frame().putBytes(CpgRequests.MULTICAST_HEADER, message, 0, message.length);
		return true;
	}

	private @Nullable SendSlot claim(int length, long deadline) {
		this.membership.requireJoined();
		return this.connection.sends().claim(MULTICAST, CpgRequests.MULTICAST_HEADER + length, deadline);
	}

	private void begin(SendSlot slot, int length) {
		// Once more: a leave may have come between.
		this.membership.requireJoined();
		CpgRequests.writeMulticastHeader(slot.frame(), length);
	}

	/**
	 * Sends what was written. If the connection breaks meanwhile, nobody knows whether
	 * the daemon sees the message, and its future completes with that.
	 */
	void commit(SendSlot slot, SendFuture future) {
		// The writer may have taken so long that the end was reported already.
		this.connection.requireOpen(MULTICAST);
		boolean appended = false;
		boolean committed = false;
		try {
			appended = this.pending.append(future);
			if (appended) {
				slot.commit();
				committed = true;
			}
		}
		catch (InternalError ex) {
			this.connection.lost(MULTICAST, ex);
		}
		catch (CorosyncException ex) {
			// The future completes with it.
		}
		finally {
			if (!committed) {
				this.connection
					.end(new CorosyncException(CsError.LIBRARY, "The connection to corosync was lost while sending"));
			}
		}
		if (!appended) {
			this.connection.requireOpen(MULTICAST);
		}
	}

	private long hashOf(FrameWriter frame, int length) {
		if (this.readBack.length < length) {
			this.readBack = new byte[length];
		}
		frame.getBytes(CpgRequests.MULTICAST_HEADER, this.readBack, length);
		return this.contentHash.of(this.readBack, length);
	}

}
