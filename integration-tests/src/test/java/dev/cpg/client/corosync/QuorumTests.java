package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.RingStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections to the quorum service of real daemons; what they report is in the suite for
 * both engines.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class QuorumTests {

	private final CorosyncCluster cluster;

	QuorumTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void itSaysWhatCorosyncsToolSays() {
		try (CpgQuorumConnection majority = connect(1); CpgQuorumConnection minority = connect(3)) {
			this.cluster.partition(Set.of(1, 2), Set.of(3));
			awaitSame(majority, 1, true);
			awaitSame(minority, 3, false);
			this.cluster.heal();
			awaitSame(minority, 3, true);
		}
	}

	private CpgQuorumConnection connect(int node) {
		return this.cluster.node(node).connector().connectQuorum((quorum) -> {
		});
	}

	private void awaitSame(CpgQuorumConnection connection, int node, boolean quorate) {
		Awaitility.await().atMost(Member.LIMIT).untilAsserted(() -> {
			RingStatus tool = this.cluster.node(node).ringStatus().orElseThrow();
			CpgQuorum quorum = connection.quorum();
			assertThat(quorum.quorate()).isEqualTo(tool.quorate()).isEqualTo(quorate);
			assertThat(quorum.ring()).hasToString(tool.ringId());
			assertThat(quorum.nodeIds()).map(Long::intValue).containsExactlyInAnyOrderElementsOf(tool.nodeIds());
		});
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
		try (CpgQuorumConnection connection = connect(1)) {
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

}
