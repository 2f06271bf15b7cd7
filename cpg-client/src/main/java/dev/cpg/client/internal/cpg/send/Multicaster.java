package dev.cpg.client.internal.cpg.send;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.SendGate;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages: one that fits a frame in one frame, a larger one in fragments.
 */
public final class Multicaster {

	private final IpcConnection connection;

	private final FrameSender frames;

	private final FragmentSender fragments;

	private final @Nullable BatchSender batches;

	private final DuplicateGate duplicateGate;

	private final ContentHash contentHash;

	private final SessionSettings settings;

	private final CpgLimits limits;

	/** The most that libcpg sends in one frame, and that other members take. */
	private final int atomicSize;

	/** The size of the largest message that a batch has room for. */
	private final int batchedSize;

	/**
	 * Creates one.
	 * @param batches sends messages in batches, if there may be any
	 */
	public Multicaster(IpcConnection connection, MembershipState membership, PendingSends pending,
			DuplicateGate duplicateGate, ContentHash contentHash, SessionSettings settings, FrameSender frames,
			@Nullable BatchSender batches) {
		this.connection = connection;
		this.duplicateGate = duplicateGate;
		this.contentHash = contentHash;
		this.settings = settings;
		this.atomicSize = connection.maxFrameSize() - CpgRequests.RESERVED;
		this.limits = new CpgLimits(settings.maxMessageSize(), this.atomicSize, settings.sendTimeout());
		this.frames = frames;
		this.batches = batches;
		this.batchedSize = this.atomicSize - BatchFormat.HEAD - BatchFormat.ENTRY;
		this.fragments = new FragmentSender(connection, membership, pending, settings.requestTimeout(),
				this.atomicSize);
	}

	public CpgLimits limits() {
		return this.limits;
	}

	/**
	 * Sends what waits in batches, and waits until they are decided, at most for half of
	 * a limit: before a leave, with which the rest is lost.
	 */
	public void sendAll(Deadline limit) {
		if (this.batches != null) {
			this.batches.sendAll(limit);
		}
	}

	public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		requireSize(message.length);
		return Objects.requireNonNull(send(message, deadline(timeout), true));
	}

	public @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		if (message.length > this.atomicSize) {
			throw new CorosyncException(CsError.TOO_BIG,
					"A message of %d bytes goes as fragments, which have to wait for each other; the limit without waiting is %d bytes"
						.formatted(message.length, this.atomicSize));
		}
		return send(message, deadline(timeout), false);
	}

	private @Nullable SendFuture send(byte[] message, long deadline, boolean waits) {
		BatchSender batches = this.batches;
		if (batches != null && batches.isMistakable(message, message.length)) {
			return multicastInParts(message, deadline);
		}
		SendFuture batched = sendInBatch(message, null, message.length, deadline, waits);
		if (batched != BatchSender.BY_ITSELF) {
			return batched;
		}
		if (message.length > this.atomicSize) {
			return multicastFragments(message, deadline);
		}
		SendFuture future = new SendFuture(message.length, this.contentHash.of(message), deadline);
		if (!this.frames.send(message, future, waits ? deadline : SendGate.NO_WAIT)) {
			return null;
		}
		this.connection.announce();
		return future;
	}

	public CompletableFuture<CpgView> multicast(int length, CpgMessageWriter writer) {
		requireSize(length);
		long deadline = deadline(this.settings.sendTimeout());
		SendFuture batched = Objects.requireNonNull(sendInBatch(null, writer, length, deadline, true));
		if (batched != BatchSender.BY_ITSELF) {
			return batched;
		}
		if (length > this.atomicSize) {
			return multicastFragments(writer.toBytes(length), deadline);
		}
		SendFuture future = this.frames.send(length, writer, deadline, this::isMistakable,
				(message) -> multicastInParts(message, deadline));
		this.connection.announce();
		return future;
	}

	private boolean isMistakable(byte[] message, int length) {
		BatchSender batches = this.batches;
		return batches != null && batches.isMistakable(message, length);
	}

	/**
	 * Sends a message that others would take for a batch: they do not look for one in
	 * fragments.
	 */
	private SendFuture multicastInParts(byte[] message, long deadline) {
		Deadline limit = Deadline.at(deadline);
		if (this.batches != null) {
			this.batches.awaitDecided(limit);
		}
		return this.fragments.send(message, this.contentHash.of(message), message.length / 2, limit);
	}

	/** Returns {@link BatchSender#BY_ITSELF} if it is to be sent by itself. */
	private @Nullable SendFuture sendInBatch(byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length,
			long deadline, boolean waits) {
		BatchSender batches = this.batches;
		if (batches == null) {
			return BatchSender.BY_ITSELF;
		}
		if (length <= this.batchedSize) {
			return batches.send(message, writer, length, deadline, waits);
		}
		if (waits) {
			batches.awaitDecided(Deadline.at(deadline));
		}
		return (waits || batches.isIdle()) ? BatchSender.BY_ITSELF : null;
	}

	private SendFuture multicastFragments(byte[] message, long deadline) {
		long hash = this.contentHash.of(message);
		this.duplicateGate.await(new SendFuture(message.length, hash, deadline), Deadline.at(deadline));
		return this.fragments.send(message, hash, Deadline.at(deadline));
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
		return Deadline.nanoTimeIn(timeout);
	}

}
