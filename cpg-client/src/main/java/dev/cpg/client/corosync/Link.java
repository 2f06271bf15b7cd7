package dev.cpg.client.corosync;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.cpg.client.CpgException;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.ThreadUtil;

/**
 * A transport that any thread may use: requests one at a time, sends one at a time, and
 * one end, after which everything fails.
 */
final class Link {

	private final IpcTransport transport;

	/** Held from a request to its response: responses carry no number. */
	private final ReentrantLock requestLock = new ReentrantLock();

	/** Held while a frame is claimed, written and committed; taken after the other. */
	private final ReentrantLock sendLock = new ReentrantLock();

	private final AtomicReference<@Nullable End> end = new AtomicReference<>();

	private final Timer timer;

	Link(IpcTransport transport, Timer timer) {
		this.transport = transport;
		this.timer = timer;
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
		while ((answer.error == CsError.TRY_AGAIN || answer.error == CsError.BUSY) && !deadline.isOver()) {
			deadline.pause();
			answer = requestOnce(what, length, writer, responseId, reader, deadline);
		}
		if (answer.error != CsError.OK) {
			throw new CpgException(answer.error, "Corosync refused to " + what);
		}
		return Objects.requireNonNull(answer.value);
	}

	private <T> Answer<T> requestOnce(String what, int length, Consumer<FrameWriter> writer, int responseId,
			Function<Frame, T> reader, Deadline deadline) {
		if (!deadline.lock(this.requestLock)) {
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
				this.transport.announce();
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

	private void sendRequest(String what, int length, Consumer<FrameWriter> writer, Deadline deadline)
			throws IOException {
		if (!deadline.lock(this.sendLock)) {
			throw new CpgException(CsError.TIMEOUT, "Corosync was not asked to " + what + " in time: senders wait");
		}
		try {
			while (true) {
				requireOpen(what);
				FrameWriter frame = (this.transport.flowControl() != FlowControl.CLOSED) ? this.transport.claim(length)
						: null;
				if (frame != null) {
					writer.accept(frame);
					this.transport.commit();
					break;
				}
				if (deadline.isOver()) {
					throw new CpgException(CsError.TIMEOUT,
							"Corosync took no request to " + what + " in time: it is overloaded or stopped");
				}
				this.transport.announce();
				deadline.pause();
			}
		}
		finally {
			this.sendLock.unlock();
		}
		announce();
	}

	/**
	 * Sends a multicast; it is under way in the queue before the daemon can know of it.
	 * @throws CpgException with {@link CsError#TRY_AGAIN} if the daemon took no multicast
	 * in time, {@link CsError#INTERRUPT} if the thread was interrupted while it waited
	 * for that; the message was not sent then
	 */
	void multicast(byte[] message, SendFuture future, PendingSends pending, Membership membership, Deadline deadline) {
		if (!deadline.lockInterruptibly(this.sendLock)) {
			throw notSent();
		}
		try {
			FrameWriter frame = awaitMulticast(CpgProtocol.MULTICAST_HEADER + message.length, membership, deadline);
			CpgProtocol.writeMulticast(frame, message);
			pending.append(future);
			this.transport.commit();
		}
		catch (IOException | InternalError ex) {
			throw end(lost("multicast", ex));
		}
		finally {
			this.sendLock.unlock();
		}
		announce();
	}

	private FrameWriter awaitMulticast(int length, Membership membership, Deadline deadline) throws IOException {
		while (true) {
			requireOpen("multicast");
			membership.requireJoined();
			if (this.transport.flowControl() == FlowControl.OPEN) {
				FrameWriter frame = this.transport.claim(length);
				if (frame != null) {
					return frame;
				}
			}
			if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
				throw notSent();
			}
			this.transport.announce();
			deadline.pause();
		}
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

	/**
	 * Tells the daemon of what was committed, or leaves it to the timer. A virtual thread
	 * always leaves it: for one, junixsocket would make the whole socket non-blocking,
	 * under the eyes of the thread that waits for events.
	 */
	void announce() {
		if (ThreadUtil.isVirtualThread()) {
			this.timer.announceSoon();
			return;
		}
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

	/** Waits for events; see {@link IpcTransport#receive}. For the event thread. */
	int receive(Frame.Handler handler, int timeoutMillis) throws IOException {
		return isEnded() ? -1 : this.transport.receive(handler, timeoutMillis);
	}

	/**
	 * Ends the link, if it has not ended.
	 * @param cause why, {@code null} if the application wants it
	 * @return the cause, to be thrown
	 */
	<X extends @Nullable CpgException> X end(X cause) {
		if (this.end.compareAndSet(null, new End(cause))) {
			this.transport.shutdown();
			this.timer.stop();
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
		this.requestLock.lock();
		this.sendLock.lock();
		try {
			this.transport.release();
		}
		finally {
			this.sendLock.unlock();
			this.requestLock.unlock();
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
	private static final class Answer<T> implements Frame.Handler {

		private final int responseId;

		private final Function<Frame, T> reader;

		private CsError error = CsError.OK;

		private @Nullable T value;

		Answer(int responseId, Function<Frame, T> reader) {
			this.responseId = responseId;
			this.reader = reader;
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
