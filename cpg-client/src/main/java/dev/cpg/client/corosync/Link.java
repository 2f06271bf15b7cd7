package dev.cpg.client.corosync;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.cpg.client.CpgException;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport that any thread may use: requests one at a time, sends one at a time, and
 * one end, after which everything fails.
 */
final class Link {

	/** A deadline that is over before anything has to be waited for. */
	static final long NO_WAIT = Long.MIN_VALUE;

	private static final Logger logger = LoggerFactory.getLogger(Link.class);

	/** How often a thread that waits for a lock looks whether the link has ended. */
	private static final Duration LOOK = Duration.ofMillis(500);

	private static final Duration FAREWELL_LIMIT = Duration.ofMillis(250);

	/** Far more than any thread needs to see the end and leave. */
	private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);

	private final IpcTransport transport;

	/** Held from a request to its response: responses carry no number. */
	private final ReentrantLock requestLock = new ReentrantLock(true);

	/** Held while a frame is claimed, written and committed; taken after the other. */
	private final ReentrantLock sendLock = new ReentrantLock();

	private final AtomicReference<@Nullable End> end = new AtomicReference<>();

	private final Timer timer;

	/** How many requests wait for the right to send, which goes before multicasts. */
	private final AtomicInteger waitingRequests = new AtomicInteger();

	private volatile Runnable onEnd = () -> {
	};

	/** Whether a thread waits for events, and so notices if the daemon goes. */
	private volatile boolean served;

	Link(IpcTransport transport, Timer timer) {
		this.transport = transport;
		this.timer = timer;
	}

	/**
	 * From now on a thread waits for events.
	 * @param onEnd is run once when the link ends
	 */
	void serve(Runnable onEnd) {
		this.onEnd = onEnd;
		this.served = true;
		if (isEnded()) {
			onEnd.run();
		}
	}

	int maxFrameSize() {
		return this.transport.maxFrameSize();
	}

	/**
	 * Sends a request and waits for its response; asks again while the daemon says that
	 * it cannot now.
	 * @param what what is asked, for the errors
	 * @param writer writes the request
	 * @param responseId the id of its response
	 * @param reader reads the response
	 * @throws CpgException with the daemon's error; with {@link CsError#TIMEOUT} if there
	 * was no answer in time, and the link is ended then
	 */
	<T> T request(String what, int length, Consumer<FrameWriter> writer, int responseId, Function<Frame, T> reader,
			Deadline deadline) {
		Answer<T> answer = requestOnce(what, length, writer, responseId, reader, deadline);
		while ((answer.error == CsError.TRY_AGAIN || answer.error == CsError.BUSY) && !deadline.isNear()) {
			deadline.pause();
			answer = requestOnce(what, length, writer, responseId, reader, deadline);
		}
		if (answer.error != CsError.OK) {
			throw new CpgException(answer.error, "Corosync refused to " + what);
		}
		return Objects.requireNonNull(answer.value);
	}

	/**
	 * Sends a request once and waits for its response.
	 * @return the response, or the daemon's error
	 */
	<T> Answer<T> requestOnce(String what, int length, Consumer<FrameWriter> writer, int responseId,
			Function<Frame, T> reader, Deadline deadline) {
		requireNotSending();
		if (!lock(this.requestLock, deadline)) {
			requireOpen(what);
			throw new CpgException(CsError.TIMEOUT,
					"Corosync was not asked to " + what + " in time: other requests take too long");
		}
		try {
			sendRequest(what, length, writer, deadline);
			Answer<T> answer = new Answer<>(responseId, reader);
			while (!this.transport.pollResponse(answer)) {
				requireOpen(what);
				if (deadline.isOver()) {
					// The answer may still come, and would be taken for the next one's.
					throw end(new CpgException(CsError.TIMEOUT,
							"Corosync did not answer the request to " + what + " in time; the connection was closed"));
				}
				if (!this.served && !this.transport.probe()) {
					throw new EOFException("the daemon ended the connection");
				}
				announce();
				deadline.pause();
			}
			return answer;
		}
		catch (IOException | InternalError ex) {
			throw end(lost(what, ex));
		}
		catch (CpgException ex) {
			throw (ex.error() == CsError.MESSAGE_ERROR) ? end(ex) : ex;
		}
		finally {
			this.requestLock.unlock();
		}
	}

	/**
	 * Sends a request that it is good to have answered before the link is ended, but no
	 * matter: whatever goes wrong is passed over. For the event thread.
	 */
	void farewell(int length, Consumer<FrameWriter> writer) {
		Deadline deadline = Deadline.in(FAREWELL_LIMIT);
		if (!deadline.lock(this.requestLock)) {
			return;
		}
		try {
			sendRequest("say farewell", length, writer, deadline);
			while (!deadline.isOver() && !isEnded() && !this.transport.pollResponse((frame) -> {
			})) {
				announce();
				deadline.pause();
			}
		}
		catch (IOException | CpgException | InternalError ex) {
			logger.debug("No farewell", ex);
		}
		finally {
			this.requestLock.unlock();
		}
	}

	private void sendRequest(String what, int length, Consumer<FrameWriter> writer, Deadline deadline)
			throws IOException {
		if (!lockForRequest(deadline)) {
			requireOpen(what);
			throw new CpgException(CsError.TIMEOUT, "Corosync was not asked to " + what + " in time: senders wait");
		}
		try {
			while (true) {
				requireOpen(what);
				FrameWriter frame = (this.transport.flowControl() != CpgFlowControl.CLOSED)
						? this.transport.claim(length) : null;
				if (frame != null) {
					writer.accept(frame);
					this.transport.commit();
					break;
				}
				if (deadline.isOver()) {
					throw new CpgException(CsError.TIMEOUT,
							"Corosync took no request to " + what + " in time: it is overloaded or stopped");
				}
				announce();
				deadline.pause();
			}
		}
		finally {
			this.sendLock.unlock();
		}
		announce();
	}

	private boolean lockForRequest(Deadline deadline) {
		this.waitingRequests.incrementAndGet();
		try {
			return lock(this.sendLock, deadline);
		}
		finally {
			this.waitingRequests.decrementAndGet();
		}
	}

	/**
	 * Before any lock is waited for: user code writes a frame while its thread holds that
	 * of the senders.
	 */
	void requireNotSending() {
		if (this.sendLock.isHeldByCurrentThread()) {
			throw new CpgException(CsError.BAD_OPERATION,
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
	 * @throws CpgException with {@link CsError#TRY_AGAIN} if the daemon took no multicast
	 * in time, {@link CsError#INTERRUPT} if the thread was interrupted while it waited
	 */
	@Nullable FrameWriter beginMulticast(int length, long deadline) {
		requireNotSending();
		// An unfair lock lets senders at full speed pass requests for ever.
		if (this.waitingRequests.get() > 0 || !this.sendLock.tryLock()) {
			if (deadline == NO_WAIT) {
				return null;
			}
			if (!lockInterruptibly(this.sendLock, Deadline.at(deadline))) {
				requireOpen("multicast");
				throw notSent();
			}
		}
		FrameWriter frame = null;
		try {
			requireOpen("multicast");
			frame = claimMulticast(length);
			if (frame == null && deadline != NO_WAIT) {
				frame = awaitMulticast(length, Deadline.at(deadline));
			}
			return frame;
		}
		catch (IOException | InternalError ex) {
			throw end(lost("multicast", ex));
		}
		finally {
			if (frame == null && this.sendLock.isHeldByCurrentThread()) {
				this.sendLock.unlock();
			}
		}
	}

	/**
	 * Takes a lock unless the time is over or the link has ended: a thread that a fault
	 * came to while it held the lock never gives it back.
	 */
	private boolean lock(ReentrantLock lock, Deadline deadline) {
		while (!isEnded()) {
			if (deadline.slice(LOOK).lock(lock)) {
				return true;
			}
			if (deadline.isOver()) {
				return false;
			}
		}
		return false;
	}

	private boolean lockInterruptibly(ReentrantLock lock, Deadline deadline) {
		while (!isEnded()) {
			if (deadline.slice(LOOK).lockInterruptibly(lock)) {
				return true;
			}
			if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
				return false;
			}
		}
		return false;
	}

	private @Nullable FrameWriter claimMulticast(int length) throws IOException {
		return (this.transport.flowControl() == CpgFlowControl.OPEN) ? this.transport.claim(length) : null;
	}

	private FrameWriter awaitMulticast(int length, Deadline deadline) throws IOException {
		while (true) {
			if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
				throw notSent();
			}
			announce();
			if (this.waitingRequests.get() > 0) {
				letRequestsPass(deadline);
			}
			else {
				deadline.rest();
			}
			requireOpen("multicast");
			FrameWriter frame = claimMulticast(length);
			if (frame != null) {
				return frame;
			}
		}
	}

	/** The daemon may take requests when it takes no multicasts. */
	private void letRequestsPass(Deadline deadline) {
		this.sendLock.unlock();
		deadline.rest();
		if (!lockInterruptibly(this.sendLock, deadline)) {
			requireOpen("multicast");
			throw notSent();
		}
	}

	/** Sends what was written to the frame of {@link #beginMulticast}. */
	void commitMulticast() {
		try {
			this.transport.commit();
		}
		catch (IOException | InternalError ex) {
			throw end(lost("multicast", ex));
		}
	}

	/** Gives up the right to send, whether something was committed or not. */
	void endMulticast() {
		this.sendLock.unlock();
	}

	private static CpgException notSent() {
		if (Thread.currentThread().isInterrupted()) {
			return new CpgException(CsError.INTERRUPT,
					"The message was not sent: the thread was interrupted while corosync took no messages");
		}
		return new CpgException(CsError.TRY_AGAIN,
				"The message was not sent: corosync took no messages within the send limit, as its ring re-forms or"
						+ " is at its limit");
	}

	/** Returns what the daemon takes at the moment; nothing once the link has ended. */
	CpgFlowControl flowControl() {
		if (!lockForRequest(Deadline.in(FAREWELL_LIMIT))) {
			return CpgFlowControl.CLOSED;
		}
		try {
			return isEnded() ? CpgFlowControl.CLOSED : this.transport.flowControl();
		}
		catch (InternalError ex) {
			end(lost("reading the flow control state", ex));
			return CpgFlowControl.CLOSED;
		}
		finally {
			this.sendLock.unlock();
		}
	}

	/**
	 * Tells the daemon of what was committed, or leaves it to the timer, as any caller's
	 * thread may have to. Before there is a timer, nobody calls but threads of the
	 * connection's own.
	 */
	void announce() {
		if (this.served && !this.transport.announcesForCallers()) {
			this.timer.announceSoon();
			return;
		}
		announceHere();
	}

	/** Tells the daemon of what was committed. For threads of the connection's own. */
	void announceHere() {
		try {
			if (!this.transport.announce()) {
				this.timer.announceSoon();
			}
		}
		catch (IOException | InternalError ex) {
			end(lost("announce", ex));
		}
	}

	/** Returns whether nothing is left to be announced. For the timer. */
	boolean tryAnnounce() {
		try {
			return this.transport.announce();
		}
		catch (IOException | InternalError ex) {
			end(lost("announce", ex));
			return true;
		}
	}

	boolean hasUnannounced() {
		return this.transport.hasUnannounced();
	}

	/** Returns whether the link has not ended; notices if the daemon is gone. */
	boolean probe() {
		try {
			if (!isEnded() && !this.transport.probe()) {
				end(new CpgException(CsError.LIBRARY, "Corosync ended the connection: the daemon stopped, or died"));
			}
		}
		catch (IOException ex) {
			end(lost("waiting for the listener", ex));
		}
		return !isEnded();
	}

	/** Waits for events; see {@link IpcTransport#await}. For whoever reads. */
	int await(int timeoutMillis) throws IOException {
		return isEnded() ? -1 : this.transport.await(timeoutMillis);
	}

	/** Takes an event; see {@link IpcTransport#take}. For whoever reads. */
	boolean take(Frame.Handler handler) throws IOException {
		return !isEnded() && this.transport.take(handler);
	}

	/** Returns whether the thread that waits for events may be one that others know. */
	boolean waitsUninterruptibly() {
		return this.transport.waitsUninterruptibly();
	}

	/**
	 * Ends the link, if it has not ended.
	 * @param cause why, {@code null} if the application wants it
	 * @return the cause, to be thrown
	 */
	<X extends @Nullable CpgException> X end(X cause) {
		if (this.end.compareAndSet(null, new End(cause))) {
			try {
				this.transport.shutdown();
			}
			finally {
				this.timer.stop();
				this.onEnd.run();
			}
		}
		return cause;
	}

	boolean isEnded() {
		return this.end.get() != null;
	}

	@Nullable CpgException endCause() {
		End end = this.end.get();
		return (end != null) ? end.cause : null;
	}

	/**
	 * Gives the transport back, once the link has ended and every thread has left it;
	 * they look at the end wherever they wait. For the event thread.
	 */
	void release() {
		Deadline deadline = Deadline.in(RELEASE_LIMIT);
		if (!deadline.lock(this.requestLock)) {
			this.transport.shutdown();
			return;
		}
		try {
			releaseTransport(deadline);
		}
		finally {
			this.requestLock.unlock();
		}
	}

	/**
	 * A thread that a fault comes to just there never gives its lock back. What it may
	 * still use is left to the garbage collector then.
	 */
	private void releaseTransport(Deadline deadline) {
		if (!deadline.lock(this.sendLock)) {
			this.transport.shutdown();
			return;
		}
		try {
			this.transport.release();
		}
		finally {
			this.sendLock.unlock();
		}
	}

	void requireOpen(String what) {
		if (isEnded()) {
			CpgException cause = endCause();
			throw new CpgException(CsError.BAD_HANDLE, "Cannot " + what + ": the connection "
					+ ((cause != null) ? "has ended: " + cause.getMessage() : "was closed"), cause);
		}
	}

	static CpgException lost(String what, Throwable ex) {
		return new CpgException(CsError.LIBRARY,
				"The connection to corosync was lost in %s: %s".formatted(what, ex.getMessage()), ex);
	}

	private record End(@Nullable CpgException cause) {

	}

	/** Reads a response: its error first, and what it says if there is none. */
	static final class Answer<T> implements Frame.Handler {

		private final int responseId;

		private final Function<Frame, T> reader;

		private CsError error = CsError.OK;

		private @Nullable T value;

		Answer(int responseId, Function<Frame, T> reader) {
			this.responseId = responseId;
			this.reader = reader;
		}

		CsError error() {
			return this.error;
		}

		@Override
		public void handle(Frame frame) {
			int code = CpgProtocol.error(frame);
			CsError known = CsError.of(code);
			this.error = (known != null) ? known : CsError.LIBRARY;
			if (this.error != CsError.OK) {
				return;
			}
			int id = CpgProtocol.id(frame);
			if (id != this.responseId) {
				throw new CpgException(CsError.MESSAGE_ERROR,
						"The daemon sent response %d where %d was due".formatted(id, this.responseId));
			}
			this.value = this.reader.apply(frame);
		}

	}

}
