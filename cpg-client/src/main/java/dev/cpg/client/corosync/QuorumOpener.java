package dev.cpg.client.corosync;

import java.time.Duration;

import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.internal.concurrent.ConnectionThreads;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.setup.SetUpQueue;
import dev.cpg.client.internal.quorum.QuorumSession;

/**
 * Opens connections to one daemon's quorum service.
 */
final class QuorumOpener {

	private final ServiceConnector services;

	private final ReaderOpening opening;

	private final Duration requestTimeout;

	QuorumOpener(ServiceConnector services, SetUpQueue setUps, Duration requestTimeout, ConnectionThreads threads) {
		this.services = services;
		this.opening = new ReaderOpening(setUps, threads);
		this.requestTimeout = requestTimeout;
	}

	QuorumSession open(CpgQuorumListener listener) {
		return this.opening.open("quorum", () -> openNow(listener), QuorumSession::run, QuorumSession::abandon,
				this.requestTimeout);
	}

	private QuorumSession openNow(CpgQuorumListener listener) {
		return QuorumSession.open(this.services.connect(QuorumSession.SERVICE), listener,
				Deadline.in(this.requestTimeout));
	}

}
