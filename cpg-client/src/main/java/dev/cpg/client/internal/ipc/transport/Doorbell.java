package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.ipc.memory.MappedRing;

/**
 * Announces chunks in the request ring to the daemon, so that this process can be stopped
 * at any instant without stopping the daemon.
 * <p>
 * The daemon, woken by a byte on the socket, takes as many chunks as the semaphore counts
 * and then <em>blocks</em> until it has read that many bytes. A client that is stopped
 * after it counted a chunk and before it sent the byte, while an earlier chunk keeps the
 * daemon at work, therefore stops the daemon, and with it the node. So chunks are counted
 * only when the semaphore reads 0, all that wait at once, and their bytes follow in one
 * write: at 0 the daemon has taken all that was counted, and does not look again before
 * the new bytes are there. Chunks not counted yet are invisible to it, however long they
 * lie.
 * <p>
 * The price is that a chunk committed while the semaphore is not 0 is left to whoever
 * finds it at 0 next: see {@link #ring()}. In return the daemon takes whole batches.
 */
public final class Doorbell {

	private static final int MAX_BATCH = BellSocket.MAX_WRITE;

	/**
	 * How many batches a call may ring for. Other threads go on sending meanwhile, and
	 * the daemon may take its time to make room for each, so there could be no end.
	 */
	private static final int MAX_BATCHES = 2;

	private static final byte[] BELLS = new byte[MAX_BATCH];

	private final MappedRing ring;

	private final OutputStream socket;

	private final Runnable hangUp;

	/** Chunks in the ring that the semaphore does not count yet. */
	private final AtomicInteger waiting = new AtomicInteger();

	/** Held over counting and ringing, which must not interleave. */
	private final ReentrantLock lock = new ReentrantLock();

	private boolean closed;

	/**
	 * Creates one.
	 * @param ring the request ring
	 * @param socket where the bytes go
	 * @param hangUp shuts the socket down
	 */
	Doorbell(MappedRing ring, OutputStream socket, Runnable hangUp) {
		this.ring = ring;
		this.socket = socket;
		this.hangUp = hangUp;
	}

	/** Notes a chunk that was committed to the ring. */
	void add() {
		this.waiting.incrementAndGet();
	}

	boolean isWaiting() {
		return this.waiting.get() > 0;
	}

	/**
	 * Counts and rings for every chunk that waits, if the daemon has taken all before.
	 * Called by whoever may find that it has: each sender, the thread that reads events,
	 * and a timer while anything waits.
	 * @return whether no chunk waits any more
	 * @throws IOException if the daemon is gone, or takes no bells
	 */
	boolean ring() throws IOException {
		for (int batches = 0; isWaiting(); batches++) {
			if (batches == MAX_BATCHES) {
				return false;
			}
			try {
				if (!this.lock.tryLock()) {
					return false;
				}
				if (this.closed) {
					return true;
				}
				if (this.ring.semaphore() != 0) {
					return false;
				}
				int chunks = Math.min(this.waiting.get(), MAX_BATCH);
				this.waiting.addAndGet(-chunks);
				count(chunks);
			}
			finally {
				EndableLock.unlock(this.lock);
			}
		}
		return true;
	}

	/**
	 * Counts and rings. If the bytes cannot all be sent, for whatever reason, the daemon
	 * must not wait for them: the end of the stream lets it go on.
	 */
	private void count(int chunks) throws IOException {
		boolean sent = false;
		try {
			this.ring.addToSemaphore(chunks);
			send(chunks);
			sent = true;
		}
		finally {
			if (!sent) {
				this.closed = true;
				this.hangUp.run();
			}
		}
	}

	/**
	 * Sends the bytes of chunks that are counted, all of them. An interrupt can cut a
	 * write short, and is kept for the caller to see.
	 */
	private void send(int bytes) throws IOException {
		int left = bytes;
		boolean interrupted = false;
		try {
			while (left > 0) {
				try {
					this.socket.write(BELLS, 0, left);
					left = 0;
				}
				catch (InterruptedIOException ex) {
					left -= ex.bytesTransferred;
					interrupted |= Thread.interrupted();
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Lets no thread touch the ring through this doorbell any more.
	 * @return {@code false} if the time was over first: a thread never leaves if a fault
	 * came to it at the wrong instant
	 */
	boolean close(Deadline deadline) {
		return deadline.runLocked(this.lock, () -> this.closed = true);
	}

}
