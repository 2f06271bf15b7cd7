package dev.cpg.client.corosync;

import java.time.Duration;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.internal.concurrent.ConnectionThreads;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.CpgSession;
import dev.cpg.client.internal.cpg.delivery.Receiver;
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

	private final ReaderOpening opening;

	private final SessionSettings settings;

	private final ConnectionThreads threads;

	SessionOpener(ServiceConnector services, SetUpQueue setUps, SessionSettings settings, ConnectionThreads threads) {
		this.services = services;
		this.opening = new ReaderOpening(setUps, threads);
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
	CpgSession open(Receiver receiver, long memberId, Duration limit) {
		return this.opening.open("reader", () -> open(receiver, memberId), CpgSession::run, CpgSession::abandon, limit);
	}

	private CpgSession open(Receiver receiver, long memberId) {
		IpcTransport transport = this.services.connect(CpgRequests.SERVICE);
		IpcConnection opening = IpcConnection.forRequests(transport);
		try {
			long nodeId = opening.requests().ask(CpgRequests.localNode(), Deadline.in(this.settings.requestTimeout()));
			return new CpgSession(this.settings, this.threads, transport, receiver, new CpgAddress(nodeId, memberId),
					new OrderProbe(this, memberId));
		}
		catch (RuntimeException | Error ex) {
			opening.close(null);
			throw ex;
		}
	}

}
