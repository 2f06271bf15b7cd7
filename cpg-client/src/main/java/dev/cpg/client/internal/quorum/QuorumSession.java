package dev.cpg.client.internal.quorum;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the daemon's quorum service, with one thread: it opens the transport,
 * reads events, calls the listener, and gives the transport back at the end.
 */
public final class QuorumSession implements CpgQuorumConnection {

	public static final IpcService SERVICE = QuorumProtocol.SERVICE;

	private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);

	private final IpcConnection connection;

	private final CpgQuorumListener listener;

	private final boolean provided;

	private final Thread reader = Thread.currentThread();

	private final CountDownLatch released = new CountDownLatch(1);

	private volatile CpgQuorum quorum = CpgQuorum.NONE;

	private boolean known;

	private QuorumSession(IpcTransport transport, CpgQuorumListener listener, boolean provided) {
		// Nothing is sent any more, so nothing is ever left to be announced.
		this.connection = IpcConnection.withEvents(transport, () -> {
		}, () -> {
		});
		this.listener = listener;
		this.provided = provided;
	}

	/**
	 * Asks for the quorum, and waits for the first event. For the thread that then calls
	 * {@link #run} or {@link #abandon}. If it fails, the transport is given back.
	 * @throws CorosyncException with the daemon's error; with {@link CsError#TIMEOUT} if
	 * it does not answer in time
	 */
	public static QuorumSession open(IpcTransport transport, CpgQuorumListener listener, Deadline deadline) {
		IpcConnection opening = IpcConnection.forRequests(transport);
		try {
			boolean provided = opening.requests().ask(QuorumProtocol.model(), deadline);
			opening.requests().ask(QuorumProtocol.trackStart(), deadline);
			QuorumSession session = new QuorumSession(transport, listener, provided);
			session.awaitFirst(deadline);
			return session;
		}
		catch (IOException | InternalError ex) {
			CorosyncException lost = opening.lost("asking for the quorum", ex);
			opening.close(lost);
			throw lost;
		}
		catch (RuntimeException | Error ex) {
			opening.close(null);
			throw ex;
		}
	}

	private void awaitFirst(Deadline deadline) throws IOException {
		while (!this.known) {
			int millis = (int) Math.max(1, Duration.ofNanos(deadline.remainingNanos()).toMillis());
			int events = this.connection.await(millis);
			if (events < 0) {
				throw stopped();
			}
			if (events == 0 && deadline.isOver()) {
				throw new CorosyncException(CsError.TIMEOUT, "Corosync did not report the quorum in time");
			}
			while (!this.known && this.connection.take(this::read)) {
				// The next one may be it.
			}
		}
	}

	private static CorosyncException stopped() {
		return new CorosyncException(CsError.LIBRARY,
				"Corosync ended the connection to its quorum service: the daemon stopped, or died");
	}

	/** Notifies the listener until the end. For the thread that opened it. */
	public void run() {
		CorosyncException lost = null;
		try {
			notifyListener();
			while (this.connection.await(0) >= 0) {
				while (takeNext()) {
					notifyListener();
				}
			}
			lost = stopped();
		}
		catch (CorosyncException ex) {
			lost = ex;
		}
		catch (IOException | RuntimeException | Error ex) {
			lost = this.connection.lost("reading the quorum", ex);
		}
		finally {
			release(lost);
		}
	}

	/** Returns whether there was an event that says something. */
	private boolean takeNext() throws IOException {
		this.known = false;
		while (!this.known) {
			if (!this.connection.take(this::read)) {
				return false;
			}
		}
		return true;
	}

	private void read(FrameReader frame) {
		int id = FrameHeader.id(frame);
		if (id == QuorumProtocol.QUORUM && this.provided) {
			known(QuorumProtocol.readQuorum(frame));
		}
		else if (id == QuorumProtocol.NODE_LIST && !this.provided) {
			known(QuorumProtocol.readNodeList(frame));
		}
		// With a provider the quorum event has the nodes, too; without one it is empty.
	}

	private void known(CpgQuorum quorum) {
		this.quorum = quorum;
		this.known = true;
	}

	private void notifyListener() {
		CpgQuorum quorum = this.quorum;
		call(() -> this.listener.quorumChanged(quorum), quorum);
	}

	private void call(Runnable call, Object event) {
		try {
			call.run();
		}
		catch (Exception | LinkageError | AssertionError ex) {
			CpgLog.LISTENERS.error()
				.cause(ex)
				.log("The quorum listener failed on {}; the next event is reported anyway", event);
		}
		finally {
			// An interrupt that a listener leaves behind must not end the connection.
			Thread.interrupted();
		}
	}

	private void release(@Nullable CorosyncException lost) {
		try {
			this.connection.close(lost);
		}
		finally {
			this.released.countDown();
			call(() -> this.listener.closed(failure()), "the end of the connection");
		}
	}

	@Override
	public CpgQuorum quorum() {
		CpgQuorum quorum = this.quorum;
		return isOpen() ? quorum : CpgQuorum.NONE;
	}

	@Override
	public boolean isOpen() {
		return !this.connection.isEnded();
	}

	@Override
	public @Nullable CorosyncException failure() {
		return this.connection.endCause();
	}

	@Override
	public void close() {
		this.connection.end(null);
		if (Thread.currentThread() != this.reader) {
			// An interrupt does not cut it short: what is given back must not be in use.
			Deadline.in(RELEASE_LIMIT).await(this.released);
		}
	}

	/**
	 * Nobody waits for it any more. For the thread that opened it, instead of
	 * {@link #run}.
	 */
	public void abandon() {
		this.connection.close(null);
	}

	@Override
	public String toString() {
		return "quorum connection " + quorum();
	}

}
