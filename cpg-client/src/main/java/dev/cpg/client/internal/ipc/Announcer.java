package dev.cpg.client.internal.ipc;

import java.io.IOException;

import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.ipc.transport.IpcTransport;

/**
 * Announces to the daemon what was committed to a transport: at once where that can be,
 * and later where the daemon is still busy with what was announced before.
 */
final class Announcer {

	private final IpcTransport transport;

	private final ConnectionEnd end;

	private final AnnounceTimer timer;

	/** Whether the threads that send are the connection's own. */
	private final boolean ownThreads;

	Announcer(IpcTransport transport, ConnectionEnd end, AnnounceTimer timer, boolean ownThreads) {
		this.transport = transport;
		this.end = end;
		this.timer = timer;
		this.ownThreads = ownThreads;
	}

	/** Announces on the calling thread, or leaves it to the timer if that may not. */
	void announce() {
		if (this.ownThreads || this.transport.announcesForCallers()) {
			announceNow();
		}
		else {
			this.timer.announceLater();
		}
	}

	/** Announces now, and leaves to the timer what the daemon cannot be shown yet. */
	void announceNow() {
		if (!tryAnnounce()) {
			this.timer.announceLater();
		}
	}

	/** Returns whether nothing is left to be announced; after the end, nothing is. */
	boolean tryAnnounce() {
		if (this.end.isEnded()) {
			return true;
		}
		try {
			boolean nothingLeft = this.transport.announce();
			MappingFaults.report();
			return nothingLeft;
		}
		catch (IOException | InternalError ex) {
			this.end.lost("announcing a request", ex);
			return true;
		}
	}

}
