package dev.cpg.client.corosync;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import dev.cpg.client.CpgException;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages: one that fits a frame in one, straight into the transport; a larger one
 * as fragments. A message is under way in the queue before the daemon can know of it.
 */
final class Multicaster {

	private final Link link;

	private final Timer timer;

	private final Membership membership;

	private final PendingSends pending;

	private final ContentHash contentHash;

	private final CorosyncConnector settings;

	/** The most that libcpg sends in one frame, and other members take. */
	private final int atomicSize;

	/**
	 * Held over all fragments of a message: receivers know a sender's fragments apart
	 * from others', but not one message's from another's.
	 */
	private final ReentrantLock fragmentLock = new ReentrantLock();

	/** For reading back what a writer wrote; used while sending, so by one at a time. */
	private byte[] readBack = new byte[0];

	Multicaster(Link link, Timer timer, Membership membership, PendingSends pending, ContentHash contentHash,
			CorosyncConnector settings) {
		this.link = link;
		this.timer = timer;
		this.membership = membership;
		this.pending = pending;
		this.contentHash = contentHash;
		this.settings = settings;
		this.atomicSize = link.maxFrameSize() - CpgProtocol.RESERVED;
	}

	int atomicSize() {
		return this.atomicSize;
	}

	CompletableFuture<CpgView> multicast(byte[] message) {
		return multicast(message, this.settings.sendTimeout());
	}

	CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		requireSize(message.length);
		long deadline = deadline(timeout);
		if (message.length > this.atomicSize) {
			return multicastFragments(message, deadline);
		}
		SendFuture future = new SendFuture(message.length, this.contentHash.of(message), deadline);
		send(message, future, deadline);
		return future;
	}

	@Nullable CompletableFuture<CpgView> tryMulticast(byte[] message) {
		return tryMulticast(message, this.settings.sendTimeout());
	}

	@Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		if (message.length > this.atomicSize) {
			throw new CpgException(CsError.TOO_BIG,
					"A message of %d bytes goes as fragments, which have to wait for each other; the limit without waiting is %d bytes"
						.formatted(message.length, this.atomicSize));
		}
		SendFuture future = new SendFuture(message.length, this.contentHash.of(message), deadline(timeout));
		return send(message, future, Link.NO_WAIT) ? future : null;
	}

	/** Returns whether it was sent: always, if it may wait. */
	private boolean send(byte[] message, SendFuture future, long deadline) {
		FrameWriter frame = begin(message.length, deadline);
		if (frame == null) {
			return false;
		}
		try {
			frame.putBytes(CpgProtocol.MULTICAST_HEADER, message, 0, message.length);
			commit(future);
		}
		catch (InternalError ex) {
			throw this.link.end(Link.lost("multicast", ex));
		}
		finally {
			this.link.endMulticast();
		}
		announce(future);
		return true;
	}

	CompletableFuture<CpgView> multicast(int length, CpgMessageWriter writer) {
		requireSize(length);
		long deadline = deadline(this.settings.sendTimeout());
		if (length > this.atomicSize) {
			ArrayTarget target = new ArrayTarget(length);
			writer.write(target);
			target.requireFull();
			return multicastFragments(target.message, deadline);
		}
		FrameWriter frame = begin(length, deadline);
		if (frame == null) {
			throw new IllegalStateException("No frame");
		}
		SendFuture future;
		try {
			FrameTarget target = new FrameTarget(frame, length);
			try {
				writer.write(target);
				target.requireFull();
			}
			finally {
				target.close();
			}
			future = new SendFuture(length, hashOf(frame, length), deadline);
			commit(future);
		}
		catch (InternalError ex) {
			throw this.link.end(Link.lost("multicast", ex));
		}
		finally {
			this.link.endMulticast();
		}
		announce(future);
		return future;
	}

	CompletableFuture<CpgView> multicast(ByteBuffer... parts) {
		long length = 0;
		for (ByteBuffer part : parts) {
			length += part.remaining();
		}
		requireSize(length);
		return multicast((int) length, (target) -> {
			for (ByteBuffer part : parts) {
				putAll(part, target);
			}
		});
	}

	private static void putAll(ByteBuffer part, CpgMessageWriter.Target target) {
		if (part.hasArray()) {
			target.put(part.array(), part.arrayOffset() + part.position(), part.remaining());
			return;
		}
		byte[] chunk = new byte[Math.min(part.remaining(), 8192)];
		for (int position = part.position(); position < part.limit(); position += chunk.length) {
			int length = Math.min(chunk.length, part.limit() - position);
			part.get(position, chunk, 0, length);
			target.put(chunk, 0, length);
		}
	}

	private @Nullable FrameWriter begin(int length, long deadline) {
		this.membership.requireJoined();
		FrameWriter frame = this.link.beginMulticast(CpgProtocol.MULTICAST_HEADER + length, deadline);
		if (frame != null) {
			boolean begun = false;
			try {
				// Once more: a leave may have come between.
				this.membership.requireJoined();
				CpgProtocol.writeMulticastHeader(frame, length);
				begun = true;
			}
			catch (InternalError ex) {
				throw this.link.end(Link.lost("multicast", ex));
			}
			finally {
				if (!begun) {
					this.link.endMulticast();
				}
			}
		}
		return frame;
	}

	/**
	 * If the connection breaks in this, whether the daemon sees the message is not known,
	 * as its future will say.
	 */
	private void commit(SendFuture future) {
		// The writer may have taken long enough for the end to be told already.
		this.link.requireOpen("multicast");
		boolean committed = false;
		try {
			this.pending.append(future);
			this.link.commitMulticast();
			committed = true;
		}
		catch (CpgException | InternalError ex) {
			// The future will tell.
		}
		finally {
			if (!committed) {
				this.link.end(new CpgException(CsError.LIBRARY, "The connection to corosync was lost while sending"));
			}
		}
	}

	private void announce(SendFuture future) {
		this.link.announce();
		this.timer.expireLater(future.deadline());
	}

	private long hashOf(FrameWriter frame, int length) {
		if (this.readBack.length < length) {
			this.readBack = new byte[length];
		}
		frame.getBytes(CpgProtocol.MULTICAST_HEADER, this.readBack, length);
		return this.contentHash.of(this.readBack, length);
	}

	/**
	 * Sends a message in fragments, each answered by the daemon. If the membership
	 * changes between the first and the last, the daemon refuses the rest, as who joined
	 * has not seen the first: the whole is sent again.
	 */
	private CompletableFuture<CpgView> multicastFragments(byte[] message, long deadline) {
		this.link.requireNotSending();
		Deadline limit = Deadline.at(deadline);
		if (!limit.lockInterruptibly(this.fragmentLock)) {
			throw notSent(null);
		}
		try {
			long hash = this.contentHash.of(message);
			while (true) {
				SendFuture attempt = sendFragments(message, hash, limit);
				if (attempt != null) {
					this.timer.expireLater(deadline);
					return attempt;
				}
			}
		}
		finally {
			this.fragmentLock.unlock();
		}
	}

	/** Returns {@code null} if the membership changed. */
	private @Nullable SendFuture sendFragments(byte[] message, long hash, Deadline limit) {
		int sent = 0;
		while (true) {
			awaitOpen(limit);
			int length = Math.min(this.atomicSize, message.length - sent);
			boolean last = sent + length == message.length;
			int type = (sent == 0) ? CpgProtocol.FIRST : last ? CpgProtocol.LAST : CpgProtocol.MIDDLE;
			SendFuture future = last ? new SendFuture(message.length, hash, limit.nanoTime()) : null;
			CsError error = sendFragment(message, sent, length, type, future);
			if (error != CsError.OK && future != null) {
				future.withdraw();
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
				default -> throw notSent(error);
			}
			if (limit.isOver() || Thread.currentThread().isInterrupted()) {
				throw notSent(null);
			}
		}
	}

	/**
	 * While it takes no multicasts the daemon reads nothing from a connection, and one
	 * that has something for it keeps it busy looking.
	 */
	private void awaitOpen(Deadline limit) {
		while (this.link.flowControl() != CpgFlowControl.OPEN) {
			this.link.requireOpen("multicast");
			if (limit.isOver() || Thread.currentThread().isInterrupted()) {
				throw notSent(null);
			}
			limit.rest();
		}
	}

	/**
	 * Each fragment has the time of a request: giving up on an answer costs the
	 * connection, which a send limit that is nearly over is no reason for.
	 */
	private CsError sendFragment(byte[] message, int from, int length, int type, @Nullable SendFuture future) {
		this.membership.requireJoined();
		AtomicBoolean underWay = new AtomicBoolean();
		try {
			return this.link.requestOnce("send a fragment", CpgProtocol.PARTIAL_HEADER + length, (frame) -> {
				CpgProtocol.writePartialMulticast(frame, message, from, length, type);
				if (future != null) {
					this.pending.append(future);
					underWay.set(true);
				}
			}, CpgProtocol.PARTIAL_MULTICAST_RESPONSE, (frame) -> true, Deadline.in(this.settings.requestTimeout()))
				.error();
		}
		catch (CpgException ex) {
			if (underWay.get()) {
				// The daemon may have the whole of it; the link has ended, and the future
				// will say that this is not known.
				return CsError.OK;
			}
			throw ex;
		}
	}

	private static CpgException notSent(@Nullable CsError error) {
		return new CpgException((error != null) ? error : CsError.TRY_AGAIN,
				"The message was not sent: corosync did not take all of its fragments"
						+ ((error != null) ? "" : " within the send limit"));
	}

	private void requireSize(long length) {
		if (length < 0 || length > this.settings.maxMessageSize()) {
			throw new CpgException(CsError.TOO_BIG,
					"A message of %d bytes is larger than the limit of %d bytes (cpg.max-message-size)"
						.formatted(length, this.settings.maxMessageSize()));
		}
	}

	private static long deadline(Duration timeout) {
		return System.nanoTime() + nanos(timeout);
	}

	private static long nanos(Duration timeout) {
		return (timeout.toSeconds() < Integer.MAX_VALUE) ? timeout.toNanos() : Long.MAX_VALUE / 2;
	}

	/** Writes front to back, and never past the room that was promised. */
	private abstract static class SequentialTarget implements CpgMessageWriter.Target {

		private final byte[] number = new byte[Long.BYTES];

		private final int length;

		private int position;

		SequentialTarget(int length) {
			this.length = length;
		}

		abstract void write(int position, byte[] source, int offset, int length);

		/** From now on there is no room: the memory behind it is others' again. */
		void close() {
			this.position = Integer.MAX_VALUE;
		}

		void requireFull() {
			if (this.position != this.length) {
				throw new IllegalArgumentException(
						"The writer promised %d bytes and wrote %d".formatted(this.length, this.position));
			}
		}

		@Override
		public void put(byte[] source, int offset, int length) {
			if (length < 0 || this.position > this.length - length) {
				throw new BufferOverflowException();
			}
			write(this.position, source, offset, length);
			this.position += length;
		}

		@Override
		public void put(byte value) {
			putNumber(value, 1);
		}

		@Override
		public void putInt(int value) {
			putNumber(value, Integer.BYTES);
		}

		@Override
		public void putLong(long value) {
			putNumber(value, Long.BYTES);
		}

		private void putNumber(long value, int bytes) {
			for (int i = 0; i < bytes; i++) {
				this.number[i] = (byte) (value >>> ((bytes - 1 - i) * Byte.SIZE));
			}
			put(this.number, 0, bytes);
		}

	}

	private static final class FrameTarget extends SequentialTarget {

		private final FrameWriter frame;

		FrameTarget(FrameWriter frame, int length) {
			super(length);
			this.frame = frame;
		}

		@Override
		void write(int position, byte[] source, int offset, int length) {
			this.frame.putBytes(CpgProtocol.MULTICAST_HEADER + position, source, offset, length);
		}

	}

	private static final class ArrayTarget extends SequentialTarget {

		private final byte[] message;

		ArrayTarget(int length) {
			super(length);
			this.message = new byte[length];
		}

		@Override
		void write(int position, byte[] source, int offset, int length) {
			System.arraycopy(source, offset, this.message, position, length);
		}

	}

}
