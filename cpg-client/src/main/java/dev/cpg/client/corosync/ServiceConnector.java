package dev.cpg.client.corosync;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.internal.cmap.CmapClient;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers;
import dev.cpg.client.internal.ipc.daemon.UserNamespace;
import dev.cpg.client.internal.ipc.setup.IpcSetup;
import dev.cpg.client.internal.ipc.transport.DatagramSockets;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import dev.cpg.client.internal.quorum.QuorumSession;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the services of one daemon.
 *
 * @param socketDirectory where the daemon's file sockets are, {@code null} for where
 * libqb's programs would look
 * @param trustedUids who may run the daemon, besides root and the user of this process
 * @param datagramSockets where the sockets of libqb's socket transport come from
 * @param settings the time limit of a request, and how settings are called
 */
record ServiceConnector(@Nullable Path socketDirectory, Set<Long> trustedUids, DatagramSockets datagramSockets,
		SessionSettings settings) {

	/** Every service that connections are opened to. */
	private static final List<IpcService> SERVICES = List.of(CpgRequests.SERVICE, CmapClient.SERVICE,
			QuorumSession.SERVICE);

	/**
	 * Requires that a directory of sockets leaves room for their names.
	 * @throws IllegalArgumentException if it does not
	 */
	static void requireShortEnough(Path directory) {
		SERVICES.forEach((service) -> ServiceAddress.of(service.name(), directory).requireShortEnough());
	}

	/** Connects to a service, for whose set-up it is this one's turn. */
	IpcTransport connect(IpcService service) {
		TrustedUsers users = new TrustedUsers(this.trustedUids,
				this.settings.names().apply(CorosyncSetting.TRUSTED_UIDS), UserNamespace.current());
		return new IpcSetup(service, this.socketDirectory, this.settings.requestTimeout(), users, this.datagramSockets)
			.connect();
	}

}
