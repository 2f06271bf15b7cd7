package dev.cpg.client.corosync;

import java.io.EOFException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.ConnectionThreads;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.CpgSession;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.setup.SetUpQueue;
import dev.cpg.client.internal.ipc.transport.IpcTransport;

/**
 * Opens sessions with one daemon's CPG service.
 */
final class SessionOpener {

	private final ServiceConnector services;

	private final SetUpQueue setUps;

	private final SessionSettings settings;

	private final ConnectionThreads threads;

	SessionOpener(ServiceConnector services, SetUpQueue setUps, SessionSettings settings, ConnectionThreads threads) {
		this.services = services;
		this.setUps = setUps;
		this.settings = settings;
		this.threads = threads;
	}

	SessionSettings settings() {
		return this.settings;
	}

	/**
	 * Opens a session on its reader thread, which owns what it opens, and which nobody
	 * can interrupt.
	 * @param limit how long the caller waits
	 */
	CpgSession open(CpgListener listener, long memberId, Duration limit) {
		return this.setUps.inTurn(limit, () -> openNow(listener, memberId, limit));
	}

	private CpgSession openNow(CpgListener listener, long memberId, Duration limit) {
		CompletableFuture<CpgSession> opened = new CompletableFuture<>();
		try {
			this.threads.start("reader", () -> openAndRun(listener, memberId, opened));
		}
		catch (OutOfMemoryError ex) {
			throw noMemory(ex);
		}
		if (!Deadline.in(limit).await(opened)) {
			// Unless it was opened, or failed, at the last moment.
			opened.completeExceptionally(new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT,
					"Corosync did not set up a connection within %d ms; it is stopped or overloaded"
						.formatted(limit.toMillis()),
					null));
		}
		return join(opened);
	}

	private static CpgSession join(CompletableFuture<CpgSession> opened) {
		try {
			return opened.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof CorosyncException cause) ? cause : ex;
		}
	}

	private void openAndRun(CpgListener listener, long memberId, CompletableFuture<CpgSession> opened) {
		CpgSession session;
		try {
			session = open(listener, memberId);
		}
		catch (CorosyncConnectException ex) {
			opened.completeExceptionally(ex);
			return;
		}
		catch (OutOfMemoryError ex) {
			opened.completeExceptionally(noMemory(ex));
			return;
		}
		catch (RuntimeException | Error ex) {
			opened.completeExceptionally(new CorosyncConnectException(Reason.PROTOCOL, CsError.LIBRARY,
					"Connecting to corosync failed: " + ex, ex));
			return;
		}
		if (opened.complete(session)) {
			session.run();
		}
		else {
			session.abandon();
		}
	}

	static CorosyncConnectException noMemory(OutOfMemoryError ex) {
		return new CorosyncConnectException(Reason.NO_RESOURCES, CsError.NO_MEMORY,
				"This JVM has no memory for a connection to corosync: " + ex.getMessage(), ex);
	}

	private CpgSession open(CpgListener listener, long memberId) {
		IpcTransport transport = this.services.connect(CpgRequests.SERVICE);
		IpcConnection opening = IpcConnection.forRequests(transport);
		try {
			long nodeId = opening.requests().ask(CpgRequests.localNode(), Deadline.in(this.settings.requestTimeout()));
			return new CpgSession(this.settings, this.threads, transport, listener, new CpgAddress(nodeId, memberId),
					new OrderProbe(this, memberId));
		}
		catch (CorosyncException ex) {
			opening.close(null);
			throw new CorosyncConnectException(reasonOf(ex), ex.error(),
					"Corosync took the connection, but not the first request: " + ex.getMessage(), ex);
		}
		catch (RuntimeException | Error ex) {
			opening.close(null);
			throw ex;
		}
	}

	private static Reason reasonOf(CorosyncException ex) {
		if (ex.getCause() instanceof EOFException) {
			return Reason.NOT_READY;
		}
		return switch (ex.error()) {
			case TIMEOUT -> Reason.TIMEOUT;
			case TRY_AGAIN, BUSY, BAD_HANDLE -> Reason.NOT_READY;
			case ACCESS -> Reason.PERMISSION_DENIED;
			default -> Reason.PROTOCOL;
		};
	}

}
