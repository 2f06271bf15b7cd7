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
		MethodHandles.Lookup lookup = MethodHandles.lookup();
		for (Class<?> type : List.of(CorosyncConnection.class, Session.class, Link.class, Requests.class, Sends.class,
				LinkLock.class, EventReader.class, EventDecoder.class, Multicaster.class, FragmentSender.class,
				Membership.class, JoinAndLeave.class, Turn.class, HandOff.class, Outcomes.class, PendingSends.class,
				SendFuture.class, ContentHash.class, Reassembly.class, Delivery.class, Timer.class, Queries.class,
				Deadline.class, IpcSetup.class, ShmTransport.class, MappedRing.class, ReceiveRing.class,
				RequestRing.class, Doorbell.class, SharedMemoryFiles.class, CpgProtocol.class, NameReader.class,
				Mapping.class, TrustedUsers.class, DaemonDirectory.class, DaemonFile.class)) {
			lookup.ensureInitialized(type);
		}
	}

	/** Does what takes far longer the first time, as the JVM links it only then. */
	private static void linkAhead() throws IOException {
		Mapping.unmap(Mapping.ofStart(ANY_FILE, 1));
		new TrustedUsers(Set.of(), UserNamespace.current());
		new ServiceAddress("cpg", null).toSocketAddress();
		new ContentHash().of(new byte[Long.BYTES]);
		Turn turn = new Turn(true);
		turn.told(turn.telling());
		new SendFuture(0, 0, 0).decideDelivered(CpgView.NONE);
		// Records compare and hash by method handles, which are made at the first use.
		new HashSet<Object>(List.of(new RingId(1, 1), new RingId(1, 1), new CpgAddress(1, 1), new CpgAddress(1, 1)));
	}

}
