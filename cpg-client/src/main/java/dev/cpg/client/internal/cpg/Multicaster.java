package dev.cpg.client.internal.cpg;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.SendGate;
import dev.cpg.client.internal.ipc.SendSlot;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages: one that fits a frame in one, straight into the transport; a larger one
 * as fragments. A message is under way in the queue before the daemon can know of it.
 */
public final class Multicaster {

	private static final String MULTICAST = "multicast";

	private final IpcConnection connection;

	private final SendGate sends;

	private final FragmentSender fragments;

	private final MembershipState membership;

	private final PendingSends pending;

	private final DuplicateGate duplicateGate;

	private final ContentHash contentHash;

	private final SessionSettings settings;

	private final CpgLimits limits;

	/** The most that libcpg sends in one frame, and other members take. */
	private final int atomicSize;

	/** For reading back what a writer wrote; used while sending, so by one at a time. */
	private byte[] readBack = new byte[0];

	Multicaster(IpcConnection connection, MembershipState membership, PendingSends pending, DuplicateGate duplicateGate,
			ContentHash contentHash, SessionSettings settings) {
		this.connection = connection;
		this.sends = connection.sends();
		this.membership = membership;
		this.pending = pending;
		this.duplicateGate = duplicateGate;
		this.contentHash = contentHash;
		this.settings = settings;
		this.atomicSize = connection.maxFrameSize() - CpgRequests.RESERVED;
		this.limits = new CpgLimits(settings.maxMessageSize(), this.atomicSize, settings.sendTimeout());
		this.fragments = new FragmentSender(connection, membership, pending, settings.requestTimeout(),
				this.atomicSize);
	}

	public CpgLimits limits() {
		return this.limits;
	}

	public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		requireSize(message.length);
		long deadline = deadline(timeout);
		if (message.length > this.atomicSize) {
			return multicastFragments(message, deadline);
		}
		SendFuture future = new SendFuture(message.length, this.contentHash.of(message), deadline);
		send(message, future, deadline);
		return future;
	}

	public @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		if (message.length > this.atomicSize) {
			throw new CorosyncException(CsError.TOO_BIG,
					"A message of %d bytes goes as fragments, which have to wait for each other; the limit without waiting is %d bytes"
						.formatted(message.length, this.atomicSize));
		}
		SendFuture future = new SendFuture(message.length, this.contentHash.of(message), deadline(timeout));
		return send(message, future, SendGate.NO_WAIT) ? future : null;
	}

	/** Returns whether it was sent: always, if it may wait. */
	private boolean send(byte[] message, SendFuture future, long deadline) {
		while (!trySend(message, future, deadline)) {
			if (deadline == SendGate.NO_WAIT) {
				return false;
			}
			this.duplicateGate.await(future, Deadline.at(deadline));
		}
		this.connection.announce();
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
		catch (InternalError ex) {
			throw this.connection.lost(MULTICAST, ex);
		}
	}

	public CompletableFuture<CpgView> multicast(int length, CpgMessageWriter writer) {
		requireSize(length);
		long deadline = deadline(this.settings.sendTimeout());
		if (length > this.atomicSize) {
			return multicastFragments(writer.toBytes(length), deadline);
		}
		SendFuture future;
		byte[] unsent = null;
		try (SendSlot slot = Objects.requireNonNull(claim(length, deadline))) {
			begin(slot, length);
			write(writer, new MessageTarget(slot.frame(), CpgRequests.MULTICAST_HEADER, length));
			future = new SendFuture(length, hashOf(slot.frame(), length), deadline);
			if (this.pending.hasRoomFor(future)) {
				commit(slot, future);
			}
			else {
				// The writer writes once; what it wrote waits without the frame.
				unsent = Arrays.copyOf(this.readBack, length);
			}
		}
		catch (InternalError ex) {
			throw this.connection.lost(MULTICAST, ex);
		}
		if (unsent != null) {
			send(unsent, future, deadline);
		}
		else {
			this.connection.announce();
		}
		return future;
	}

	private static void write(CpgMessageWriter writer, MessageTarget target) {
		try {
			writer.write(target);
			target.requireFull();
		}
		finally {
			target.close();
		}
	}

	private @Nullable SendSlot claim(int length, long deadline) {
		this.membership.requireJoined();
		return this.sends.claim(MULTICAST, CpgRequests.MULTICAST_HEADER + length, deadline);
	}

	private void begin(SendSlot slot, int length) {
		// Once more: a leave may have come between.
		this.membership.requireJoined();
		CpgRequests.writeMulticastHeader(slot.frame(), length);
	}

	/**
	 * If the connection breaks in this, whether the daemon sees the message is not known,
	 * and its future completes with that.
	 */
	private void commit(SendSlot slot, SendFuture future) {
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

	private SendFuture multicastFragments(byte[] message, long deadline) {
		long hash = this.contentHash.of(message);
		this.duplicateGate.await(new SendFuture(message.length, hash, deadline), Deadline.at(deadline));
		SendFuture future = this.fragments.send(message, hash, Deadline.at(deadline));
		return future;
	}

	private void requireSize(int length) {
		if (length < 0 || length > this.settings.maxMessageSize()) {
			throw new CorosyncException(CsError.TOO_BIG,
					"A message of %d bytes is larger than the limit of %d bytes (%s)".formatted(length,
							this.settings.maxMessageSize(), this.settings.nameOf(CorosyncSetting.MAX_MESSAGE_SIZE)),
					CorosyncSetting.MAX_MESSAGE_SIZE, null);
		}
	}

	private static long deadline(Duration timeout) {
		return Deadline.in(timeout).nanoTime();
	}

}
