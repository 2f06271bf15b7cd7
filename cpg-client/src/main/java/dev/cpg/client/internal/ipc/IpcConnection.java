package dev.cpg.client.internal.ipc;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * A transport that any thread may use: {@link Requests} one at a time, {@link SendGate}
 * one at a time, events by one reader, and one end, after which everything fails.
 */
public final class IpcConnection {

	/** Far more than any thread needs to see the end and leave. */
	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

	private final IpcTransport transport;

	private final ConnectionEnd end;

	private final Announcer announcer;

	private final SendGate sends;

	private final Requests requests;

	/** Whether something has come from the daemon. */
	private final AtomicBoolean signOfLife = new AtomicBoolean();

	private IpcConnection(IpcTransport transport, boolean withEvents, AnnounceTimer timer, Runnable onEnd) {
		this.transport = transport;
		this.end = new ConnectionEnd(transport, onEnd);
		this.announcer = new Announcer(transport, this.end, timer, !withEvents);
		this.sends = new SendGate(transport, this.end, this.announcer);
		this.requests = new Requests(transport, this.end, this.announcer, this.sends, this.signOfLife, !withEvents);
	}

	/**
	 * Opens a connection on which nobody reads events. The thread that waits for a
	 * response also notices if the daemon ends; no one may interrupt it.
	 */
	public static IpcConnection forRequests(IpcTransport transport) {
		// Who waits for a response announces again.
		return new IpcConnection(transport, false, () -> {
		}, () -> {
		});
	}

	/**
	 * Opens a connection whose events a thread of its own reads, which notices if the
	 * daemon ends. Any other thread may send.
	 * @param timer announces what could not be announced at once
	 * @param onEnd is run when the connection ends, by the thread that ends it
	 */
	public static IpcConnection withEvents(IpcTransport transport, AnnounceTimer timer, Runnable onEnd) {
		return new IpcConnection(transport, true, timer, onEnd);
	}

	/** Returns what asks for something and waits for the response. For any thread. */
	public Requests requests() {
		return this.requests;
	}

	/** Returns what sends messages that have no response. For any thread. */
	public SendGate sends() {
		return this.sends;
	}

	/** Returns the length of the longest frame that can be sent, in bytes. */
	public int maxFrameSize() {
		return this.transport.maxFrameSize();
	}

	/** Announces what was committed, or leaves it to the timer. For any thread. */
	public void announce() {
		this.announcer.announce();
	}

	/** Announces what was committed. For threads of the connection's own. */
	public void announceNow() {
		this.announcer.announceNow();
	}

	/** Returns whether nothing is left to be announced. For the timer. */
	public boolean tryAnnounce() {
		return this.announcer.tryAnnounce();
	}

	/** Returns whether something is left to be announced. For the timer. */
	public boolean hasUnannounced() {
		return !isEnded() && this.transport.hasUnannounced();
	}

	/**
	 * Looks whether the daemon is still there, and ends the connection if not. For the
	 * reader while it has no time for events.
	 * @return whether the connection has not ended
	 */
	public boolean checkDaemon() {
		try {
			if (!isEnded() && !this.transport.isDaemonThere()) {
				end(new CorosyncException(CsError.LIBRARY,
						"Corosync ended the connection: the daemon stopped, or died"));
			}
		}
		catch (IOException ex) {
			lost("waiting for the listener", ex);
		}
		return !isEnded();
	}

	/** Waits for events; see {@link IpcTransport#await}. For the reader. */
	public int await(int timeoutMillis) throws IOException {
		if (isEnded()) {
			return -1;
		}
		int events = this.transport.await(timeoutMillis);
		if (events > 0) {
			this.signOfLife.lazySet(true);
		}
		return events;
	}

	/** Takes an event; see {@link IpcTransport#take}. For the reader. */
	public boolean take(FrameReader.Handler handler) throws IOException {
		return !isEnded() && this.transport.take(handler);
	}

	/**
	 * Returns whether something has come from the daemon since the last call, the
	 * response to a probe included.
	 */
	boolean takeSignOfLife() {
		try {
			this.requests.pollProbe();
			return this.signOfLife.getAndSet(false);
		}
		catch (IOException | InternalError ex) {
			throw lost("reading a response", ex);
		}
	}

	/**
	 * Sends a request whose response shows that the daemon is alive, unless one is under
	 * way or it would have to wait.
	 * @return whether the daemon takes requests
	 */
	boolean tryProbe(Request<?> request) {
		try {
			return this.requests.tryProbe(request);
		}
		catch (IOException | InternalError ex) {
			throw lost(request.what(), ex);
		}
	}

	/** Returns whether the thread that reads events may be one that others know. */
	public boolean waitsUninterruptibly() {
		return this.transport.waitsUninterruptibly();
	}

	/**
	 * Ends the connection, if it has not ended.
	 * @param cause why, {@code null} if the application wants it
	 * @return the cause, to be thrown
	 */
	public <X extends @Nullable CorosyncException> X end(X cause) {
		return this.end.end(cause);
	}

	/**
	 * Ends the connection for a failure, if it has not ended.
	 * @param what what failed, behind "lost in"
	 * @return what to throw
	 */
	public CorosyncException lost(String what, Throwable failure) {
		return this.end.lost(what, failure);
	}

	/**
	 * Ends the connection for the report of a fault that came where nobody expected it,
	 * as newer JDKs can raise it at each return.
	 * @return what to throw in its place
	 * @throws InternalError the error, if it is no such report
	 */
	public CorosyncException faulted(String what, InternalError error) {
		if (!MappingFaults.isReport(error)) {
			throw error;
		}
		this.sends.lock().unlock();
		this.requests.lock().unlock();
		return lost(what, error);
	}

	/** Returns whether the connection has ended, after which everything fails. */
	public boolean isEnded() {
		return this.end.isEnded();
	}

	/** Returns why it has ended, {@code null} if the application wanted it. */
	public @Nullable CorosyncException endCause() {
		return this.end.cause();
	}

	/**
	 * Requires that the connection has not ended.
	 * @param what what else cannot be done, behind "cannot"
	 */
	public void requireOpen(String what) {
		this.end.requireOpen(what);
	}

	/**
	 * Ends the connection, if it has not ended, and gives the transport back once every
	 * thread has left it; they look at the end wherever they wait. To be called once, by
	 * a thread that does not use the transport any more.
	 * <p>
	 * A thread that a fault comes to just there never gives its lock back. What it may
	 * still use is not given back then.
	 * @param cause why, {@code null} if the application wants it
	 */
	public void close(@Nullable CorosyncException cause) {
		// A fault of this thread that is reported late must not cut this short.
		this.end.reportFaults("closing");
		try {
			end(cause);
		}
		finally {
			closeTransport(Deadline.in(CLOSE_LIMIT));
		}
	}

	private void closeTransport(Deadline deadline) {
		try {
			// In the order in which a request takes them.
			if (this.requests.lock().lockEvenAtEnd(deadline) && this.sends.lock().lockEvenAtEnd(deadline)) {
				this.transport.close(deadline);
			}
			else {
				this.transport.shutdown();
			}
		}
		finally {
			this.sends.lock().unlock();
			this.requests.lock().unlock();
		}
	}

}
