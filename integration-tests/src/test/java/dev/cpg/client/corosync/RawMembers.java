package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.CpgGroupName;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.test.CorosyncNode;

/**
 * Many members on one node that do nothing but exist, each a bare connection without
 * threads. Their rings have room for all the events that they do not read.
 */
final class RawMembers implements AutoCloseable {

	private final CorosyncNode node;

	private final CpgGroupName group;

	private final List<IpcConnection> connections = new ArrayList<>();

	RawMembers(CorosyncNode node, CpgGroupName group) {
		this.node = node;
		this.group = group;
	}

	/** Adds members, under consecutive ids from the given one on. */
	RawMembers join(int count, long firstId) {
		for (int i = 0; i < count; i++) {
			IpcConnection connection = RawConnections.open(this.node, CpgRequests.SERVICE);
			this.connections.add(connection);
			connection.requests().ask(CpgRequests.join(this.group, firstId + i), Deadline.in(Duration.ofSeconds(20)));
		}
		return this;
	}

	/** Ends the connection of the member that joined last. */
	void endLast() {
		end(this.connections.remove(this.connections.size() - 1));
	}

	private static void end(IpcConnection connection) {
		connection.close(null);
	}

	@Override
	public void close() {
		this.connections.forEach(RawMembers::end);
	}

}
