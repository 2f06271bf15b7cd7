package dev.cpg.client.internal.ipc.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.WritableByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * Requests on their way into a datagram socket, in their order. Senders only leave them
 * here, as an interrupt of a thread that writes to the channel would close it. Threads of
 * the connection's own send them on. What the socket has no room for stays.
 */
final class Outbox {

	private final WritableByteChannel channel;

	private final BooleanSupplier open;

	private final Runnable onSent;

	private final int capacity;

	private final Queue<ByteBuffer> frames = new ConcurrentLinkedQueue<>();

	private final AtomicInteger bytes = new AtomicInteger();

	/** Held while frames are sent, which must not pass each other. */
	private final ReentrantLock lock = new ReentrantLock();

	/** Outside of the heap, as the kernel does not read a datagram from there. */
	private final ByteBuffer scratch;

	private @Nullable ByteBuffer claimed;

	private boolean closed;

	/**
	 * Creates one.
	 * @param channel where the frames go, one in each write
	 * @param open whether the daemon reads. Nothing is sent while it does not, as what it
	 * leaves in its socket keeps it busy looking.
	 * @param onSent is run after each of them
	 * @param capacity the size of the largest frame; it takes no more for all that wait
	 */
	Outbox(WritableByteChannel channel, BooleanSupplier open, Runnable onSent, int capacity) {
		this.channel = channel;
		this.open = open;
		this.onSent = onSent;
		this.capacity = capacity;
		this.scratch = ByteBuffer.allocateDirect(capacity);
	}

	/** Takes room for a frame. One thread at a time, until {@link #commit()}. */
	@Nullable FrameWriter claim(int length) {
		if (this.bytes.get() + length > this.capacity) {
			return null;
		}
		ByteBuffer frame = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
		this.claimed = frame;
		return new Writer(frame);
	}

	void commit() {
		ByteBuffer frame = this.claimed;
		if (frame != null) {
			this.claimed = null;
			// What is counted is there: the timer looks until nothing is counted.
			this.frames.add(frame);
			this.bytes.addAndGet(frame.capacity());
		}
	}

	boolean isEmpty() {
		return this.bytes.get() == 0;
	}

	/**
	 * Sends what waits, as far as there is room.
	 * @return whether nothing waits any more
	 * @throws IOException if the daemon is gone
	 */
	boolean send() throws IOException {
		while (!isEmpty()) {
			try {
				if (!this.lock.tryLock()) {
					return false;
				}
				if (this.closed) {
					return true;
				}
				ByteBuffer frame = this.frames.peek();
				if (frame == null || !this.open.getAsBoolean() || !send(frame)) {
					return false;
				}
				this.frames.remove();
				this.bytes.addAndGet(-frame.capacity());
				this.onSent.run();
			}
			finally {
				EndableLock.unlock(this.lock);
			}
		}
		return true;
	}

	private boolean send(ByteBuffer frame) throws IOException {
		this.scratch.clear().put(0, frame, 0, frame.capacity()).limit(frame.capacity());
		try {
			return this.channel.write(this.scratch) > 0;
		}
		catch (ClosedChannelException | NotYetConnectedException ex) {
			// The kernel's way to say that there is no such socket any more.
			EOFException end = new EOFException("the daemon closed its socket");
			end.initCause(ex);
			throw end;
		}
	}

	/**
	 * Lets no thread write to the channel through this any more.
	 * @return {@code false} if the time was over first: a thread never leaves if a fault
	 * came to it at the wrong instant
	 */
	boolean close(Deadline deadline) {
		return deadline.runLocked(this.lock, () -> this.closed = true);
	}

	/** Room for a frame, outside of which nothing is written. */
	private record Writer(ByteBuffer frame) implements FrameWriter {

		@Override
		public void putInt(int offset, int value) {
			this.frame.putInt(offset, value);
		}

		@Override
		public void putBytes(int offset, byte[] source, int from, int length) {
			this.frame.put(offset, source, from, length);
		}

		@Override
		public void getBytes(int offset, byte[] target, int length) {
			this.frame.get(offset, target, 0, length);
		}

	}

}
