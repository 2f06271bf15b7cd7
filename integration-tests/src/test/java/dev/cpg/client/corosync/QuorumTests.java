package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The quorum service of real daemons with votequorum.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class QuorumTests {

	private final CorosyncCluster cluster;

	QuorumTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void aMajorityStaysQuorateAndAMinorityDoesNot() {
		Recorder one = new Recorder();
		Recorder three = new Recorder();
		try (CpgQuorumConnection majority = this.cluster.node(1).connector().connectQuorum(one);
				CpgQuorumConnection minority = this.cluster.node(3).connector().connectQuorum(three)) {
			awaitQuorum(majority, true, 1L, 2L, 3L);
			awaitQuorum(minority, true, 1L, 2L, 3L);
			this.cluster.partition(Set.of(1, 2), Set.of(3));
			awaitQuorum(majority, true, 1L, 2L);
			awaitQuorum(minority, false, 3L);
			this.cluster.heal();
			awaitQuorum(majority, true, 1L, 2L, 3L);
			awaitQuorum(minority, true, 1L, 2L, 3L);
			assertThat(majority.quorum().ring()).isEqualTo(minority.quorum().ring());
			assertThat(one.changes).allMatch(CpgQuorum::quorate);
			assertThat(three.changes).anyMatch((quorum) -> !quorum.quorate());
		}
		Awaitility.await().atMost(Member.LIMIT).until(() -> one.closes.equals(List.of("by the application")));
	}

	@Test
	void theEndOfTheDaemonEndsTheConnection() {
		Recorder recorder = new Recorder();
		try (CpgQuorumConnection connection = this.cluster.node(2).connector().connectQuorum(recorder)) {
			this.cluster.node(2).kill();
			Awaitility.await().atMost(Member.LIMIT).until(() -> !recorder.closes.isEmpty());
			assertThat(recorder.closes).singleElement().asString().contains("the daemon stopped, or died");
			assertThat(connection.isOpen()).isFalse();
			assertThat(connection.failure()).isNotNull();
			assertThat(connection.quorum()).isEqualTo(CpgQuorum.NONE);
		}
	}

	@Test
	void aHundredConnectionsLeaveNoThreadAndNoDescriptor() throws IOException {
		openAndClose();
		int descriptors = descriptors();
		for (int i = 0; i < 100; i++) {
			openAndClose();
		}
		Awaitility.await().atMost(Member.LIMIT).until(() -> quorumThreads() == 0);
		assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
	}

	private void openAndClose() {
		try (CpgQuorumConnection connection = this.cluster.node(1).connector().connectQuorum(new Recorder())) {
			assertThat(connection.quorum().provided()).isTrue();
		}
	}

	private static int descriptors() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
			return (int) files.count();
		}
	}

	private static long quorumThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("cpg-") && thread.getName().endsWith("-quorum"))
			.count();
	}

	private static void awaitQuorum(CpgQuorumConnection connection, boolean quorate, Long... nodes) {
		Awaitility.await().atMost(Member.LIMIT).untilAsserted(() -> {
			assertThat(connection.quorum().provided()).isTrue();
			assertThat(connection.quorum().quorate()).isEqualTo(quorate);
			assertThat(connection.quorum().nodeIds()).containsExactlyInAnyOrder(nodes);
		});
	}

	private static final class Recorder implements CpgQuorumListener {

		private final Queue<CpgQuorum> changes = new ConcurrentLinkedQueue<>();

		private final List<String> closes = new CopyOnWriteArrayList<>();

		@Override
		public void quorumChanged(CpgQuorum quorum) {
			this.changes.add(quorum);
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			this.closes.add((cause != null) ? String.valueOf(cause.getMessage()) : "by the application");
		}

	}

}
