package dev.cpg.client.corosync;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.test.CorosyncNode;

/**
 * A client of a real daemon that makes any request, under any process id. It reads no
 * events.
 */
final class RawClient implements AutoCloseable {

	private static final int PARTIAL_HEADER = 56;

	private final IpcConnection connection;

	private final long pid;

	private RawClient(IpcConnection connection, long pid) {
		this.connection = connection;
		this.pid = pid;
	}

	/** Connects, and asks to join a group. */
	static RawClient join(CorosyncNode node, CpgGroupName group, long pid) {
		RawClient client = new RawClient(RawConnections.open(node, CpgRequests.SERVICE), pid);
		client.ask(CpgRequests.join(group, pid));
		return client;
	}

	CpgAddress address() {
		return new CpgAddress(ask(CpgRequests.localNode()), this.pid);
	}

	<T> T ask(Request<T> request) {
		return this.connection.requests().ask(request, Deadline.in(Member.LIMIT));
	}

	/**
	 * Sends a fragment.
	 * @param type 1 for the first, 2 for a middle one, 3 for the last; other values are
	 * invalid
	 * @param wholeLength the length of the message that it claims, in bytes
	 */
	void fragment(int type, int wholeLength, byte[] fragment) {
		int length = PARTIAL_HEADER + fragment.length;
		ask(Request.toDo("send a fragment", length, (frame) -> {
			FrameHeader.write(frame, CpgRequests.PARTIAL_MULTICAST, length);
			frame.putLong(16, 0);
			frame.putLong(24, 2);
			frame.putLong(32, Integer.toUnsignedLong(wholeLength));
			frame.putLong(40, fragment.length);
			frame.putLong(48, Integer.toUnsignedLong(type));
			frame.putBytes(PARTIAL_HEADER, fragment, 0, fragment.length);
		}, CpgRequests.PARTIAL_MULTICAST_RESPONSE));
	}

	@Override
	public void close() {
		this.connection.close(null);
	}

}
