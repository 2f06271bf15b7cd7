package dev.cpg.client.internal.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Requests of an {@link IpcConnection} and their responses, one at a time.
 */
public final class Requests {

	private static final Duration TRY_LIMIT = Duration.ofMillis(250);

	private final IpcTransport transport;

	private final ConnectionEnd end;

	private final Announcer announcer;

	private final SendGate sends;

	/** Whether nobody else would notice that the daemon is gone. */
	private final boolean checkDaemon;

	/** Is set with each response. */
	private final AtomicBoolean signOfLife;

	/** Held from a request to its response: responses carry no number. */
	private final EndableLock lock;

	/** The next response, if it is that to a probe; for who holds the lock. */
	private @Nullable Answer<?> probe;

	/** Made while there is memory for it. */
	private final CorosyncException cutShort = new CorosyncException(CsError.LIBRARY,
			"A request to corosync was cut short by an error of the JVM, and with it the connection");

	Requests(IpcTransport transport, ConnectionEnd end, Announcer announcer, SendGate sends, AtomicBoolean signOfLife,
			boolean checkDaemon) {
		this.transport = transport;
		this.end = end;
		this.announcer = announcer;
		this.sends = sends;
		this.signOfLife = signOfLife;
		this.checkDaemon = checkDaemon;
		this.lock = new EndableLock(true, end::isEnded);
	}

	EndableLock lock() {
		return this.lock;
	}

	/**
	 * Sends a request and waits for its response; asks again while the daemon says that
	 * it cannot now.
	 * @throws CorosyncException with the daemon's error; with {@link CsError#TIMEOUT} if
	 * there was no answer in time, and the connection is ended then
	 */
	public <T> T ask(Request<T> request, Deadline deadline) {
		Answer<T> answer = askOnce(request, deadline);
		while ((answer.error == CsError.TRY_AGAIN || answer.error == CsError.BUSY) && !deadline.isNear()) {
			deadline.pause();
			answer = askOnce(request, deadline);
		}
		if (answer.error != CsError.OK) {
			throw new CorosyncException(answer.error, "Corosync refused to " + request.what());
		}
		return Objects.requireNonNull(answer.value);
	}

	/**
	 * Sends a request once and waits for its response.
	 * @return the response, or the daemon's error
	 */
	public <T> Answer<T> askOnce(Request<T> request, Deadline deadline) {
		this.sends.requireNotSending();
		String what = request.what();
		Answer<T> answer = new Answer<>(request);
		try {
			if (!this.lock.lock(deadline)) {
				this.end.requireOpen(what);
				throw new CorosyncException(CsError.TIMEOUT,
						"Corosync was not asked to " + what + " in time: other requests take too long");
			}
			while (!takeProbe()) {
				awaitResponse(what, deadline);
			}
			this.sends.send(request.beforeWriting(answer::markDue), deadline);
			while (!this.transport.pollResponse(answer)) {
				awaitResponse(what, deadline);
			}
			MappingFaults.report();
			answer.due = false;
			this.signOfLife.set(true);
			return answer;
		}
		catch (IOException | InternalError ex) {
			throw this.end.lost(what, ex);
		}
		catch (CorosyncException ex) {
			throw (ex.error() == CsError.MESSAGE_ERROR) ? this.end.end(ex) : ex;
		}
		finally {
			if (answer.due) {
				// The next request would take the answer for its own.
				this.end.end(this.cutShort);
			}
			this.end.reportFaults(what);
			this.lock.unlock();
		}
	}

	/** Waits a little for the next response, to whichever request. */
	private void awaitResponse(String what, Deadline deadline) throws IOException {
		this.end.requireOpen(what);
		if (deadline.isOver()) {
			// The answer may still come, and would be taken for the next one's.
			throw this.end.end(new CorosyncException(CsError.TIMEOUT,
					"Corosync did not answer the request to " + what + " in time; the connection was closed"));
		}
		if (this.checkDaemon && !this.transport.isDaemonThere()) {
			throw new EOFException("the daemon ended the connection");
		}
		this.announcer.announce();
		MappingFaults.report();
		deadline.pause();
	}

	/** Returns whether no response to a probe is due any more. */
	private boolean takeProbe() throws IOException {
		Answer<?> due = this.probe;
		if (due != null && this.transport.pollResponse(due)) {
			this.probe = null;
			this.signOfLife.set(true);
			return true;
		}
		return due == null;
	}

	/** Takes the response to a probe if it is there. For the timer. */
	void pollProbe() throws IOException {
		if (!this.end.isEnded() && this.lock.tryLock()) {
			try {
				takeProbe();
			}
			finally {
				this.end.reportFaults("reading a response");
				this.lock.unlock();
			}
		}
	}

	/**
	 * Sends a request whose response nobody waits for, unless another request is under
	 * way or it would have to wait. For the timer.
	 * @return whether the daemon takes requests, whether or not one was sent
	 */
	boolean tryProbe(Request<?> request) throws IOException {
		boolean taken = this.sends.takesRequests();
		if (!taken || !this.lock.tryLock()) {
			return taken;
		}
		try {
			if (this.probe == null && this.sends.tryNow(request)) {
				this.probe = new Answer<>(request);
			}
			return true;
		}
		finally {
			this.end.reportFaults(request.what());
			this.lock.unlock();
		}
	}

	/**
	 * Sends a request before the connection is ended, and waits for the response for a
	 * moment. It is no matter if that fails. For the reader.
	 */
	public void tryAsk(Request<?> request) {
		Deadline deadline = Deadline.in(TRY_LIMIT);
		try {
			if (!this.lock.lock(deadline)) {
				return;
			}
			while (!takeProbe()) {
				awaitResponse(request.what(), deadline);
			}
			this.sends.send(request, deadline);
			while (!deadline.isOver() && !this.end.isEnded() && !this.transport.pollResponse((frame) -> {
			})) {
				this.announcer.announce();
				deadline.pause();
			}
		}
		catch (IOException | CorosyncException | InternalError ex) {
			CpgLog.MEMBERSHIP.debug()
				.cause(ex)
				.log("Corosync was not asked to {}, as the connection ends", request.what());
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Reads a response: its error first, and what it says if there is none. */
	public static final class Answer<T> implements FrameReader.Handler {

		private final Request<T> request;

		/** Whether the request is in the daemon's hands and its response not in ours. */
		private boolean due;

		private CsError error = CsError.OK;

		private @Nullable T value;

		Answer(Request<T> request) {
			this.request = request;
		}

		private void markDue() {
			this.due = true;
		}

		public CsError error() {
			return this.error;
		}

		@Override
		public void handle(FrameReader frame) {
			int code = FrameHeader.error(frame);
			CsError known = CsError.of(code);
			this.error = (known != null) ? known : CsError.LIBRARY;
			if (this.error != CsError.OK) {
				return;
			}
			int id = FrameHeader.id(frame);
			if (id != this.request.responseId()) {
				throw new CorosyncException(CsError.MESSAGE_ERROR,
						"The daemon sent response %d where %d was due".formatted(id, this.request.responseId()));
			}
			this.value = this.request.reader().apply(frame);
		}

	}

}
