package dev.cpg.client.corosync;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every thread, descriptor and mapping of a connection ends with it.
 */
@CorosyncTest(nodes = 1)
@Timeout(120)
class ResourceTests {

	private static final Path PROC_SELF = Path.of("/proc/self");

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	ResourceTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void aClosedConnectionLeavesNoThreadDescriptorMappingOrFile() throws IOException {
		// The first connection loads classes and the native library, which stay.
		Member.join(this.cluster.node(1), this.group).close();
		awaitNoThreads();
		int descriptors = descriptors();
		List<Path> files = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			try (Member member = Member.join(this.cluster.node(1), this.group)) {
				assertThat(mappings()).hasSize(mappingsOfAConnection());
				files.addAll(mappings());
				assertThat(connectionThreads()).containsExactlyInAnyOrder("cpg-member-reader", "cpg-member-delivery",
						"cpg-member-outcomes", "cpg-timer");
				member.send("x").join();
			}
			assertThat(mappings()).isEmpty();
		}
		awaitNoThreads();
		assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
		Awaitility.await().atMost(Member.LIMIT).until(() -> files.stream().noneMatch(Files::exists));
	}

	@Test
	void aConnectionWhoseDaemonDiedLeavesNothingInTheJvm() throws Exception {
		Member member = Member.join(this.cluster.node(1), this.group);
		List<Path> files = mappings();
		assertThat(files).hasSize(mappingsOfAConnection()).allMatch(Files::exists);
		this.cluster.node(1).kill();
		member.awaitClosed();
		awaitNoThreads();
		assertThat(mappings()).isEmpty();
		assertThat(files).as("shared memory of the dead daemon").noneMatch(Files::exists);
		assertThat(files.get(0).getParent()).doesNotExist();
	}

	@Test
	void aConnectionThatIsNotOpenedLeavesNothing(@TempDir Path empty) throws IOException {
		int descriptors = descriptors();
		CorosyncConnector connector = CorosyncConnector.builder().name("member").socketDirectory(empty).build();
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(CorosyncConnectException.class)
				.isThrownBy(() -> connector.connect(new CpgListener() {
				}))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(CorosyncConnectException.Reason.NOT_RUNNING))
				.withMessageContaining(empty.resolve("cpg").toString());
		}
		awaitNoThreads();
		assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
	}

	/** A connection that polls would use all of the time, or a good part of it. */
	@Test
	void anIdleConnectionUsesNoProcessor() throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			member.send("awake").join();
			Thread.sleep(500);
			long before = processorNanos();
			Thread.sleep(2000);
			assertThat(processorNanos() - before).as("processor time of 2 s, in ns").isLessThan(50_000_000);
		}
	}

	/** The processor time of the connection's threads. */
	private static long processorNanos() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("cpg-member-"))
			.mapToLong((thread) -> threads.getThreadCpuTime(thread.getId()))
			.sum();
	}

	/** Three rings of two files each. The number differs between the transports. */
	int mappingsOfAConnection() {
		return 6;
	}

	private static void awaitNoThreads() {
		Awaitility.await().atMost(Member.LIMIT).untilAsserted(() -> assertThat(connectionThreads()).isEmpty());
	}

	private static Set<String> connectionThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("cpg-member-") || name.equals("cpg-timer"))
			.collect(Collectors.toSet());
	}

	/** The files of shared memory that this JVM has mapped. */
	private static List<Path> mappings() throws IOException {
		try (Stream<String> lines = Files.lines(PROC_SELF.resolve("maps"))) {
			return lines.filter((line) -> line.contains("/dev/shm/qb-"))
				.map((line) -> Path.of(line.substring(line.indexOf('/'))))
				.toList();
		}
	}

	private static int descriptors() throws IOException {
		try (Stream<Path> files = Files.list(PROC_SELF.resolve("fd"))) {
			return (int) files.count();
		}
	}

}
