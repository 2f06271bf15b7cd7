package dev.cpg.client.corosync;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

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
	@CorosyncTest(nodes = 2, settings = SOCKET)
	@Timeout(60)
	class Batches {

		private final CorosyncCluster cluster;

		Batches(CorosyncCluster cluster) {
			this.cluster = NodeSockets.startIn(cluster);
		}

		@Test
		void messagesArriveInOrderAndEachOutcomeIsTrue() {
			CpgGroupName group = Member.newGroup();
			try (NumberedMember sender = NumberedMember.join(this.cluster.node(1), group, 1 << 16);
					NumberedMember other = NumberedMember.join(this.cluster.node(2), group, 1 << 16)) {
				BatchTests.awaitBatches(sender, other);
				List<CompletableFuture<CpgView>> sends = LongStream.range(0, 20_000)
					.mapToObj((number) -> sender.send(0, number, 64))
					.toList();
				CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
				other.await(sender, 0, 19_999);
				sender.await(sender, 0, 19_999);
				assertThat(other.from(sender, 0).first).isZero();
				assertThat(other.connection().batchStatistics().deliveredMessages())
					.isGreaterThan(other.connection().batchStatistics().delivered());
			}
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
