package dev.cpg.client.corosync;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Nested;

/**
 * All that is shown on shared memory, on libqb's socket transport. That it is this one is
 * seen in {@link Resources}. Not here are the {@link PauseTests}: there is no doorbell
 * that a client could be stopped at.
 */
class SocketTransportTests {

	private static final String SOCKET = "system.qb_ipc_type=socket";

	@Nested
	@CorosyncTest(nodes = 3, settings = SOCKET)
	class SendGate extends SendTests {

		SendGate(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

	@Nested
	@CorosyncTest(nodes = 3, settings = SOCKET)
	class Memberships extends MembershipTests {

		Memberships(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

	@Nested
	@CorosyncTest(nodes = 3, settings = SOCKET)
	class LargeMessages extends LargeMessageTests {

		LargeMessages(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

	@Nested
	@CorosyncTest(nodes = 1, settings = SOCKET)
	class Threads extends ThreadingTests {

		Threads(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

	@Nested
	@CorosyncTest(nodes = 1, settings = SOCKET)
	class Resources extends ResourceTests {

		Resources(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

		@Override
		int mappingsOfAConnection() {
			return 1;
		}

	}

	@Nested
	@CorosyncTest(nodes = 1, settings = SOCKET)
	class Clients extends ClientTests {

		Clients(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

	@Nested
	@CorosyncTest(nodes = 1, settings = SOCKET)
	class Listening extends ListeningTests {

		Listening(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

	@Nested
	@CorosyncTest(nodes = 1, settings = SOCKET)
	class DaemonFaults extends DaemonFaultTests {

		DaemonFaults(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

	@Nested
	@CorosyncTest(nodes = 1, settings = SOCKET)
	class Interoperation extends LibcpgInteropTests {

		Interoperation(CorosyncCluster cluster) {
			super(NodeSockets.startIn(cluster));
		}

	}

}
