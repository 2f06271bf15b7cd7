package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node is added to a cluster that runs, as an administrator does it: into
 * {@code corosync.conf}, which {@code corosync-cfgtool -R} has the daemon read again.
 */
@CorosyncTest(nodes = 2)
@Timeout(120)
class CpgNodeAddedOnCorosyncTests {

	@Test
	void aNodeThatIsAddedIsShownByItsName(CorosyncCluster cluster) throws Exception {
		CorosyncNode first = cluster.node(1);
		Path file = first.directory().resolve("corosync.conf");
		String both = Files.readString(file);
		cluster.nodes().forEach(CorosyncNode::kill);
		Files.writeString(file, withoutSecondNode(both));
		first.start();
		await().atMost(Duration.ofSeconds(30)).until(() -> first.ringStatus().isPresent());
		try (Service service = Service.start(first, "cpg.group=added", "cpg.member-id=11")) {
			await().until(() -> service.health().getDetails().get("members"), List.of("node1/11")::equals);
			Files.writeString(file, both);
			assertThat(first.exec("corosync-cfgtool", "-R").waitFor()).isZero();
			cluster.node(2).start();
			cluster.awaitFormed(Duration.ofSeconds(60));
			try (Service other = Service.start(cluster.node(2), "cpg.group=added", "cpg.member-id=22")) {
				await().untilAsserted(() -> assertThat(service.health().getDetails()).containsEntry("members",
						List.of("node1/11", "node2/22")));
				assertThat(other.members()).hasSize(2);
			}
		}
	}

	private static String withoutSecondNode(String configuration) throws IOException {
		int second = configuration.lastIndexOf("node {");
		return configuration.substring(0, second) + "}\n";
	}

}
