package dev.cpg.client.internal.ipc;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.ipc.transport.FlowControl;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on a {@link IpcConnection}, one frame at a time: requests, which the
 * daemon may take when it takes no multicasts, and which go before them.
 */
public final class SendGate {

	/** A deadline that is over before anything has to be waited for. */
	public static final long NO_WAIT = Long.MIN_VALUE;

	/** Senders hold the lock for less, unless something is wrong. */
	private static final Duration LOOK_LIMIT = Duration.ofMillis(250);

	private final IpcConnection link;

	private final IpcTransport transport;

	/** Held while a frame is claimed, written and committed. */
	private final EndableLock lock;

	/** How many requests wait for the right to send. */
	private final AtomicInteger waitingRequests = new AtomicInteger();

	SendGate(IpcConnection link, IpcTransport transport, EndableLock lock) {
		this.link = link;
		this.transport = transport;
		this.lock = lock;
	}

	/**
	 * Sends a request.
	 * @throws CorosyncException with {@link CsError#TIMEOUT} if the daemon took none in
	 * time
	 */
	void request(Request<?> request, Deadline deadline) throws IOException {
		String what = request.what();
		try {
			if (!lockForRequest(deadline)) {
				this.link.requireOpen(what);
				throw new CorosyncException(CsError.TIMEOUT,
						"Corosync was not asked to " + what + " in time: senders wait");
			}
			while (true) {
				this.link.requireOpen(what);
				FrameWriter frame = (this.transport.flowControl() != FlowControl.CLOSED)
						? this.transport.claim(request.length()) : null;
				if (frame != null) {
					request.writer().accept(frame);
					this.transport.commit();
					break;
				}
				if (deadline.isOver()) {
					throw new CorosyncException(CsError.TIMEOUT,
							"Corosync took no request to " + what + " in time: it is overloaded or stopped");
				}
				this.link.announce();
				MappingFaults.report();
				deadline.pause();
			}
		}
		finally {
			this.lock.unlock();
		}
		this.link.announce();
	}

	private boolean lockForRequest(Deadline deadline) {
		this.waitingRequests.incrementAndGet();
		try {
			return this.lock.lock(deadline);
		}
		finally {
			this.waitingRequests.decrementAndGet();
		}
	}

	/**
	 * Before any lock is waited for: user code writes a frame while its thread holds that
	 * of the senders.
	 */
	public void requireNotSending() {
		if (this.lock.isHeldByCurrentThread()) {
			throw new CorosyncException(CsError.BAD_OPERATION,
					"What writes a message cannot use the connection: the message is half written");
		}
	}

	/**
	 * Begins to send a multicast: takes the right to send, and room for a frame. If it
	 * returns one, {@link #endMulticast()} must follow.
	 * @param deadline the {@link System#nanoTime()} until which to wait, or
	 * {@link #NO_WAIT}
	 * @return where to write the request, {@code null} if it would have to wait and must
	 * not
	 * @throws CorosyncException with {@link CsError#TRY_AGAIN} if the daemon took no
	 * multicast in time, {@link CsError#INTERRUPT} if the thread was interrupted while it
	 * waited
	 */
	public @Nullable FrameWriter beginMulticast(int length, long deadline) {
		requireNotSending();
		FrameWriter frame = null;
		try {
			// An unfair lock lets senders at full speed pass requests for ever.
			if (this.waitingRequests.get() > 0 || !this.lock.tryLock()) {
				if (deadline == NO_WAIT) {
					return null;
				}
				if (!this.lock.lockInterruptibly(Deadline.at(deadline))) {
					this.link.requireOpen("multicast");
					throw notSent(CsError.TRY_AGAIN);
				}
			}
			this.link.requireOpen("multicast");
			frame = claimMulticast(length);
			if (frame == null && deadline != NO_WAIT) {
				frame = awaitMulticast(length, Deadline.at(deadline));
			}
			return frame;
		}
		catch (IOException | InternalError ex) {
			throw this.link.end(IpcConnection.lost("multicast", ex));
		}
		finally {
			if (frame == null) {
				endMulticast();
			}
		}
	}

	private @Nullable FrameWriter claimMulticast(int length) throws IOException {
		return (this.transport.flowControl() == FlowControl.OPEN) ? this.transport.claim(length) : null;
	}

	private FrameWriter awaitMulticast(int length, Deadline deadline) throws IOException {
		while (true) {
			if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
				throw notSent(CsError.TRY_AGAIN);
			}
			this.link.announce();
			MappingFaults.report();
			if (this.waitingRequests.get() > 0) {
				letRequestsPass(deadline);
			}
			else {
				deadline.rest();
			}
			this.link.requireOpen("multicast");
			FrameWriter frame = claimMulticast(length);
			if (frame != null) {
				return frame;
			}
		}
	}

	/** The daemon may take requests when it takes no multicasts. */
	private void letRequestsPass(Deadline deadline) {
		this.lock.unlock();
		deadline.rest();
		if (!this.lock.lockInterruptibly(deadline)) {
			this.link.requireOpen("multicast");
			throw notSent(CsError.TRY_AGAIN);
		}
	}

	/** Sends what was written to the frame of {@link #beginMulticast}. */
	public void commitMulticast() {
		try {
			this.transport.commit();
		}
		catch (IOException | InternalError ex) {
			throw this.link.end(IpcConnection.lost("multicast", ex));
		}
	}

	/** Gives up the right to send, whether something was committed or not. */
	public void endMulticast() {
		try {
			this.link.settle("multicast");
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns what is thrown where a message was not sent.
	 * @param error the daemon's, or {@link CsError#TRY_AGAIN} where this side stopped
	 * waiting
	 */
	public static CorosyncException notSent(CsError error) {
		if (error == CsError.TRY_AGAIN && Thread.currentThread().isInterrupted()) {
			return new CorosyncException(CsError.INTERRUPT,
					"The message was not sent: the thread was interrupted while corosync took no messages");
		}
		return new CorosyncException(error, (error != CsError.TRY_AGAIN)
				? "The message was not sent: corosync refused it"
				: "The message was not sent: corosync took no messages within the send limit, as its ring re-forms or"
						+ " is at its limit");
	}

	/** Returns what the daemon takes at the moment; nothing once the link has ended. */
	public FlowControl flowControl() {
		try {
			if (!lockForRequest(Deadline.in(LOOK_LIMIT))) {
				return FlowControl.CLOSED;
			}
			FlowControl state = this.link.isEnded() ? FlowControl.CLOSED : this.transport.flowControl();
			MappingFaults.report();
			return state;
		}
		catch (InternalError ex) {
			this.link.end(IpcConnection.lost("reading the flow control state", ex));
			return FlowControl.CLOSED;
		}
		finally {
			this.lock.unlock();
		}
	}

}
