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
 * What goes out on an {@link IpcConnection}, one frame at a time: requests, and messages
 * without a response. The daemon may take requests while it takes no messages, so
 * requests go first.
 */
public final class SendGate {

	/** A deadline that is over before anything has to be waited for. */
	public static final long NO_WAIT = Long.MIN_VALUE;

	/** Senders hold the lock for less, unless something is wrong. */
	private static final Duration LOOK_LIMIT = Duration.ofMillis(250);

	private final IpcTransport transport;

	private final ConnectionEnd end;

	private final Announcer announcer;

	/** Held while a frame is claimed, written and committed. */
	private final EndableLock lock;

	private final SendSlot slot;

	/** Whether the daemon took requests and messages when that was seen last. */
	private volatile boolean open;

	/** How many requests wait for the right to send. */
	private final AtomicInteger waitingRequests = new AtomicInteger();

	SendGate(IpcTransport transport, ConnectionEnd end, Announcer announcer) {
		this.transport = transport;
		this.end = end;
		this.announcer = announcer;
		this.lock = new EndableLock(false, end::isEnded);
		this.slot = new SendSlot(transport, end, this.lock);
	}

	EndableLock lock() {
		return this.lock;
	}

	/**
	 * Sends a request.
	 * @throws CorosyncException with {@link CsError#TIMEOUT} if the daemon did not take
	 * it in time
	 */
	void send(Request<?> request, Deadline deadline) throws IOException {
		String what = request.what();
		try {
			if (!lockForRequest(deadline)) {
				this.end.requireOpen(what);
				throw new CorosyncException(CsError.TIMEOUT,
						"Corosync was not asked to " + what + " in time: senders wait");
			}
			while (!trySend(request)) {
				if (deadline.isOver()) {
					throw new CorosyncException(CsError.TIMEOUT,
							"Corosync took no request to " + what + " in time: it is overloaded or stopped");
				}
				this.announcer.announce();
				MappingFaults.report();
				deadline.pause();
			}
		}
		finally {
			this.lock.unlock();
		}
		this.announcer.announce();
	}

	private boolean trySend(Request<?> request) throws IOException {
		this.end.requireOpen(request.what());
		FrameWriter frame = (this.transport.flowControl() != FlowControl.CLOSED)
				? this.transport.claim(request.length()) : null;
		if (frame == null) {
			return false;
		}
		request.writer().accept(frame);
		this.transport.commit();
		return true;
	}

	/** Sends a request, unless it would have to wait. Returns whether it was sent. */
	boolean tryNow(Request<?> request) throws IOException {
		if (!this.lock.tryLock()) {
			return false;
		}
		try {
			if (this.end.isEnded() || !isOpen() || !trySend(request)) {
				return false;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.announcer.announce();
		return true;
	}

	/**
	 * Returns whether the daemon takes requests: while it takes no messages, it looks at
	 * no requests either. A sender that waits has seen that just now.
	 */
	boolean takesRequests() {
		if (!this.lock.tryLock()) {
			return this.open;
		}
		try {
			return !this.end.isEnded() && isOpen();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isOpen() {
		boolean now = this.transport.flowControl() == FlowControl.OPEN;
		if (now != this.open) {
			this.open = now;
		}
		return now;
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
	 * Requires that the calling thread is not writing a frame, before it waits for any
	 * lock: user code may write a frame, and its thread holds the lock of the senders.
	 */
	public void requireNotSending() {
		if (this.lock.isHeldByCurrentThread()) {
			throw new CorosyncException(CsError.BAD_OPERATION,
					"What writes a message cannot use the connection: the message is half written");
		}
	}

	/**
	 * Claims the right to send a message, and room for it. Who gets it closes it.
	 * @param what what it is for, as in "cannot ..." and "lost in ..."
	 * @param length the length of the frame in bytes
	 * @param deadline the {@link System#nanoTime()} until which to wait, or
	 * {@link #NO_WAIT}
	 * @return the right, {@code null} if it would have to wait and must not
	 * @throws CorosyncException with {@link CsError#TRY_AGAIN} if the daemon took no
	 * messages in time, {@link CsError#INTERRUPT} if the thread was interrupted while it
	 * waited
	 */
	public @Nullable SendSlot claim(String what, int length, long deadline) {
		if (!enter(what, deadline)) {
			return null;
		}
		SendSlot claimed = null;
		try {
			FrameWriter frame = claimFrame(length);
			if (frame == null && deadline != NO_WAIT) {
				frame = awaitFrame(what, length, Deadline.at(deadline));
			}
			claimed = (frame != null) ? this.slot.of(what, frame) : null;
			return claimed;
		}
		catch (IOException | InternalError ex) {
			throw this.end.lost(what, ex);
		}
		finally {
			if (claimed == null) {
				unlock(what);
			}
		}
	}

	/**
	 * Takes the right to send messages, and no room yet. Who gets it calls {@link #exit}.
	 * @param what as for {@link #claim}
	 * @param deadline as for {@link #claim}
	 * @return {@code false} if it would have to wait and must not
	 * @throws CorosyncException as {@link #claim}
	 */
	public boolean enter(String what, long deadline) {
		requireNotSending();
		boolean entered = false;
		try {
			// An unfair lock lets senders at full speed pass requests for ever.
			if (this.waitingRequests.get() > 0 || !this.lock.tryLock()) {
				if (deadline == NO_WAIT) {
					return false;
				}
				lockForMessage(what, Deadline.at(deadline));
			}
			this.end.requireOpen(what);
			entered = true;
			return true;
		}
		finally {
			if (!entered) {
				unlock(what);
			}
		}
	}

	/** Gives the right up. */
	public void exit(String what) {
		unlock(what);
	}

	/**
	 * Takes room for a frame, for who has the right to send.
	 * @return the room, which need not be closed; {@code null} if there is none now
	 */
	public @Nullable SendSlot tryRoom(String what, int length) {
		try {
			FrameWriter frame = claimFrame(length);
			return (frame != null) ? this.slot.of(what, frame) : null;
		}
		catch (IOException | InternalError ex) {
			throw this.end.lost(what, ex);
		}
	}

	private void unlock(String what) {
		try {
			this.end.reportFaults(what);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void lockForMessage(String what, Deadline deadline) {
		if (!this.lock.lockInterruptibly(deadline)) {
			this.end.requireOpen(what);
			throw notSent(CsError.TRY_AGAIN);
		}
	}

	private @Nullable FrameWriter claimFrame(int length) throws IOException {
		return isOpen() ? this.transport.claim(length) : null;
	}

	private FrameWriter awaitFrame(String what, int length, Deadline deadline) throws IOException {
		while (true) {
			if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
				throw notSent(CsError.TRY_AGAIN);
			}
			this.announcer.announce();
			MappingFaults.report();
			if (this.waitingRequests.get() > 0) {
				letRequestsPass(what, deadline);
			}
			else {
				deadline.rest();
			}
			this.end.requireOpen(what);
			FrameWriter frame = claimFrame(length);
			if (frame != null) {
				return frame;
			}
		}
	}

	private void letRequestsPass(String what, Deadline deadline) {
		this.lock.unlock();
		deadline.rest();
		lockForMessage(what, deadline);
	}

	/**
	 * Returns what is thrown where a message was not sent.
	 * @param error the daemon's, or {@link CsError#TRY_AGAIN} where this side stopped
	 * waiting
	 */
	public static CorosyncException notSent(CsError error) {
		if (error != CsError.TRY_AGAIN) {
			return new CorosyncException(error, "The message was not sent: corosync refused it");
		}
		if (Thread.currentThread().isInterrupted()) {
			return new CorosyncException(CsError.INTERRUPT,
					"The message was not sent: the thread was interrupted while corosync took no messages");
		}
		return new CorosyncException(CsError.TRY_AGAIN,
				"The message was not sent: corosync took no messages within the send limit, as its ring re-forms or"
						+ " is at its limit");
	}

	/** Returns what the daemon takes at the moment; nothing once the connection ended. */
	public FlowControl flowControl() {
		try {
			if (!lockForRequest(Deadline.in(LOOK_LIMIT))) {
				return FlowControl.CLOSED;
			}
			FlowControl state = this.end.isEnded() ? FlowControl.CLOSED : this.transport.flowControl();
			MappingFaults.report();
			return state;
		}
		catch (InternalError ex) {
			this.end.lost("reading the flow control state", ex);
			return FlowControl.CLOSED;
		}
		finally {
			this.lock.unlock();
		}
	}

}
