package dev.cpg.client.corosync;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.cmap.CmapClient;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.concurrent.SharedTimer;
import dev.cpg.client.internal.cpg.CpgPreload;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Requests;
import dev.cpg.client.internal.ipc.SendGate;
import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.daemon.SharedMemoryFiles;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers;
import dev.cpg.client.internal.ipc.daemon.UserNamespace;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.memory.Mapping;
import dev.cpg.client.internal.ipc.memory.ReceiveRing;
import dev.cpg.client.internal.ipc.memory.RequestRing;
import dev.cpg.client.internal.ipc.setup.IpcSetup;
import dev.cpg.client.internal.ipc.transport.Doorbell;
import dev.cpg.client.internal.ipc.transport.Platform;
import dev.cpg.client.internal.ipc.transport.ShmTransport;

/**
 * Loads ahead what the first connection would have to wait for.
 */
final class Preload {

	/** One that is there, can be read and is not empty: the JVM's program. */
	private static final Path ANY_FILE = Path.of("/proc/self/exe");

	private Preload() {
	}

	static void run() {
		try {
			Platform.newSocket().close();
			initialize();
			linkAhead();
		}
		catch (IOException | IllegalAccessException | RuntimeException | LinkageError ex) {
			// The first connection will fail on it, and say so.
		}
	}

	/** What every connection uses, and with it most of what that uses. */
	private static void initialize() throws IllegalAccessException {
		CpgPreload.run();
		MethodHandles.Lookup lookup = MethodHandles.lookup();
		for (Class<?> type : List.of(CorosyncConnection.class, IpcConnection.class, Requests.class, SendGate.class,
				EndableLock.class, OutcomeDispatcher.class, PendingSends.class, SendFuture.class, ContentHash.class,
				SharedTimer.class, Deadline.class, IpcSetup.class, ShmTransport.class, MappedRing.class,
				ReceiveRing.class, RequestRing.class, Doorbell.class, SharedMemoryFiles.class, CmapClient.class,
				Mapping.class, TrustedUsers.class, DaemonDirectory.class, DaemonFile.class)) {
			lookup.ensureInitialized(type);
		}
	}

	/** Does what takes far longer the first time, as the JVM links it only then. */
	private static void linkAhead() throws IOException {
		Mapping.unmap(Mapping.ofStart(ANY_FILE, 1));
		new TrustedUsers(Set.of(), "", UserNamespace.current());
		new ServiceAddress(CpgRequests.SERVICE.name(), null).toSocketAddress();
		new ContentHash().of(new byte[Long.BYTES]);
		new SendFuture(0, 0, 0).decideDelivered(CpgView.NONE);
		// Records compare and hash by method handles, which are made at the first use.
		new HashSet<Object>(List.of(new RingId(1, 1), new RingId(1, 1), new CpgAddress(1, 1), new CpgAddress(1, 1)));
	}

}
