package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.CpgNames;
import dev.cpg.client.internal.cmap.ClusterNames;
import dev.cpg.client.internal.cmap.ClusterSettings;
import dev.cpg.client.internal.cmap.CmapClient;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.ipc.IpcConnection;

/**
 * Reads the daemon's configuration map, on a helper thread: the caller may be
 * interrupted, or be a virtual thread, and a connection cannot.
 */
final class ConfigurationReader {

	private final ServiceConnector services;

	private final DaemonAccess daemon;

	private final Duration requestTimeout;

	private final SharedNames shared;

	ConfigurationReader(ServiceConnector services, DaemonAccess daemon, Duration requestTimeout,
			Set<Long> trustedUids) {
		this.services = services;
		this.daemon = daemon;
		this.requestTimeout = requestTimeout;
		this.shared = daemon.names(requestTimeout, trustedUids);
	}

	/** Returns the names of the cluster and its nodes. */
	CompletableFuture<CpgNames> names() {
		return this.shared.get(() -> read((cmap) -> new ClusterNames(cmap).read()));
	}

	/** Returns the settings of the cluster. */
	CompletableFuture<CpgClusterSettings> settings() {
		return read((cmap) -> new ClusterSettings(cmap).read());
	}

	private <T> CompletableFuture<T> read(Function<CmapClient, T> reading) {
		CompletableFuture<T> result = new CompletableFuture<>();
		try {
			HelperThreads.SHARED.execute(() -> read(reading, result));
		}
		catch (OutOfMemoryError ex) {
			result.completeExceptionally(ReaderOpening.noMemory(ex));
		}
		return result;
	}

	/** Nobody waits until the connection is given back, which unmaps memory. */
	private <T> void read(Function<CmapClient, T> reading, CompletableFuture<T> result) {
		IpcConnection connection = null;
		try {
			connection = this.daemon.setUps()
				.inTurn(this.requestTimeout,
						() -> IpcConnection.forRequests(this.services.connect(CmapClient.SERVICE)));
			result.complete(reading.apply(new CmapClient(connection, this.requestTimeout)));
		}
		catch (Throwable ex) {
			result.completeExceptionally(ex);
		}
		finally {
			if (connection != null) {
				connection.close(null);
			}
		}
	}

}
