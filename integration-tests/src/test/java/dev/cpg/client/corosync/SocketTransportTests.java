package dev.cpg.client.corosync;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Nested;

/**
 * The tests of shared memory once more, on libqb's socket transport. {@link Resources}
 * shows that it is this transport. The {@link PauseTests} are left out: there is no
 * doorbell, so there is no point at which a stopped client could hold up the daemon.
 */
class SocketTransportTests {

	private static final String SOCKET = "system.qb_ipc_type=socket";

	@Nested
	@CorosyncTest(nodes = 3, settings = SOCKET)
	class Sending extends SendTests {

		Sending(CorosyncCluster cluster) {
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
