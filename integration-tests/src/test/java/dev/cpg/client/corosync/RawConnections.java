package dev.cpg.client.corosync;

import java.util.Set;

import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers;
import dev.cpg.client.internal.ipc.daemon.UserNamespace;
import dev.cpg.client.internal.ipc.setup.IpcSetup;
import dev.cpg.test.CorosyncNode;

/**
 * Opens connections to a service of a node's daemon, on which nobody reads events.
 */
final class RawConnections {

	private RawConnections() {
	}

	static IpcConnection open(CorosyncNode node, IpcService service) {
		return IpcConnection.forRequests(new IpcSetup(service, node.socketDirectory(), Member.LIMIT,
				new TrustedUsers(Set.of(), "trustedUids", UserNamespace.current()), NodeSockets.of(node))
			.connect());
	}

}
