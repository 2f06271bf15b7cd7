package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgNames;
import dev.cpg.client.internal.cmap.ClusterNames;
import dev.cpg.client.internal.cmap.CmapClient;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.ipc.IpcConnection;

/**
 * Reads the names of the cluster and its nodes, on a helper thread: the caller may be
 * interrupted, or be a virtual thread, and a connection cannot.
 */
final class NameReader {

	private final ServiceConnector services;

	private final DaemonAccess daemon;

	private final Duration requestTimeout;

	private final SharedNames shared;

	NameReader(ServiceConnector services, DaemonAccess daemon, Duration requestTimeout, Set<Long> trustedUids) {
		this.services = services;
		this.daemon = daemon;
		this.requestTimeout = requestTimeout;
		this.shared = daemon.names(requestTimeout, trustedUids);
	}

	CompletableFuture<CpgNames> read() {
		return this.shared.get(this::readNow);
	}

	private CompletableFuture<CpgNames> readNow() {
		CompletableFuture<CpgNames> names = new CompletableFuture<>();
		try {
			HelperThreads.SHARED.execute(() -> read(names));
		}
		catch (OutOfMemoryError ex) {
			names.completeExceptionally(ReaderOpening.noMemory(ex));
		}
		return names;
	}

	/** Nobody waits until the connection is given back, which unmaps memory. */
	private void read(CompletableFuture<CpgNames> names) {
		IpcConnection connection = null;
		try {
			connection = this.daemon.setUps()
				.inTurn(this.requestTimeout,
						() -> IpcConnection.forRequests(this.services.connect(CmapClient.SERVICE)));
			names.complete(new ClusterNames(new CmapClient(connection, this.requestTimeout)).read());
		}
		catch (Throwable ex) {
			names.completeExceptionally(ex);
		}
		finally {
			if (connection != null) {
				connection.close(null);
			}
		}
	}

}
