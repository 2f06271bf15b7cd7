package dev.cpg.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class CorosyncNodeTests {

	@Test
	@CorosyncTest
	void oneNodeIsQuorateByItself(CorosyncCluster cluster) {
		assertThat(cluster.node(1).ringStatus()).hasValueSatisfying((ring) -> {
			assertThat(ring.nodeIds()).containsExactly(1);
			assertThat(ring.quorate()).isTrue();
		});
	}

	@Test
	@CorosyncTest(nodes = 2, token = 4321, transport = CorosyncCluster.Transport.UDPU,
			settings = { "system.qb_ipc_type=socket", "totem.cluster_name=other" })
	void tokenTransportAndSettingsReachTheDaemon(CorosyncCluster cluster) throws Exception {
		Process process = cluster.node(2).exec("corosync-cmapctl");
		String settings = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(settings).contains("totem.token (u32) = 4321")
			.contains("totem.transport (str) = udpu")
			.contains("system.qb_ipc_type (str) = socket")
			.contains("totem.cluster_name (str) = other");
	}

	@Test
	@CorosyncTest(nodes = 2, settings = { "totem.crypto_cipher=aes256", "totem.crypto_hash=sha256" })
	void nodesThatEncryptShareAKeyThatOnlyTheirUserCanRead(CorosyncCluster cluster) throws IOException {
		Path key = cluster.node(1).directory().resolve("authkey");
		assertThat(Files.readAllBytes(key)).hasSize(256)
			.isEqualTo(Files.readAllBytes(cluster.node(2).directory().resolve("authkey")));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key))).isEqualTo("r--------");
		assertThat(cluster.node(1).ringStatus().orElseThrow().nodeIds()).containsExactly(1, 2);
	}

	@Test
	@CorosyncTest
	void severalClustersAtOnceDoNotSeeEachOther(CorosyncCluster cluster) {
		CorosyncNode first = cluster.node(1);
		try (CorosyncCluster other = CorosyncCluster.start(2)) {
			assertThat(first.ringStatus().orElseThrow().nodeIds()).containsExactly(1);
			assertThat(other.node(1).ringStatus().orElseThrow().nodeIds()).containsExactly(1, 2);
			assertThat(Remains.of(first).sharedMemory()).isNotEmpty()
				.doesNotContainAnyElementsOf(Remains.of(other.node(1)).sharedMemory());
		}
		assertThat(Remains.of(first).sharedMemory()).isNotEmpty();
		assertThat(first.ringStatus().orElseThrow().nodeIds()).isEqualTo(Set.of(1));
	}

	/**
	 * Another process in the cluster's world can take the process id meant for the
	 * daemon. That moment cannot be produced on purpose, so a script reports it three
	 * times.
	 */
	@Test
	@CorosyncTest
	void aProcessIdThatIsTakenForAMomentIsTriedAgain(CorosyncCluster cluster) throws IOException {
		CorosyncNode node = cluster.node(1);
		node.stop();
		Path script = node.directory().resolve("daemon.sh");
		Files.writeString(script, """
				echo >>/var/lib/corosync/attempts
				[ "$(wc -l </var/lib/corosync/attempts)" -gt 3 ] || {
					echo "taken $$ instead of $1"
					exit 1
				}
				""" + Files.readString(script));
		node.start();
		assertThat(node.directory().resolve("attempts")).hasContent("\n\n\n\n");
		cluster.awaitFormed(Duration.ofSeconds(20));
	}

	@Test
	@CorosyncTest
	void aPausedNodeCanBeStoppedAndKilled(CorosyncCluster cluster) {
		cluster.node(1).pause();
		cluster.node(1).stop();
		assertThat(cluster.node(1).isRunning()).isFalse();

		cluster.node(1).start();
		cluster.node(1).pause();
		cluster.node(1).kill();
		assertThat(cluster.node(1).isRunning()).isFalse();
	}

	@Test
	@CorosyncTest
	void aCommandThatIsDoneAlreadyDoesNothing(CorosyncCluster cluster) {
		long pid = cluster.node(1).pid().orElseThrow();
		cluster.node(1).start();
		cluster.node(1).resume();
		assertThat(cluster.node(1).pid()).hasValue(pid);

		cluster.node(1).kill();
		cluster.node(1).kill();
		cluster.node(1).stop();
		cluster.node(1).pause();
		assertThat(cluster.node(1).isRunning()).isFalse();
		assertThat(cluster.node(1).isPaused()).isFalse();
		assertThat(cluster.node(1).pid()).isEmpty();
	}

	@Test
	@CorosyncTest
	void aClusterThatDoesNotFormIsReportedWithWhatTheDaemonsLogged(CorosyncCluster cluster) {
		assertThatExceptionOfType(CorosyncClusterException.class).isThrownBy(() -> {
			cluster.node(1).kill();
			cluster.awaitFormed(Duration.ofMillis(1));
		})
			.withMessageContaining("did not form within PT0.001S")
			.withMessageContaining("node 1. Node 1 (not running) logged at last:")
			.withMessageContaining("Completed service synchronization");
	}

	@Test
	@CorosyncTest
	void filesOfAKilledDaemonStayUntilTheNodeIsStartedAgain(CorosyncCluster cluster) throws Exception {
		CorosyncNode node = cluster.node(1);
		Process client = node.exec("corosync-cmapctl", "-t", "no.such.key");
		await().until(() -> Remains.of(node).connections(), (files) -> !files.isEmpty());
		Set<Path> files = Remains.of(node).connections();

		// Neither can clean up: one is stopped when the other ends, and ends while
		// stopped.
		node.pause();
		client.descendants().forEach(ProcessHandle::destroyForcibly);
		client.destroyForcibly().waitFor();
		node.kill();
		assertThat(files).allSatisfy((file) -> assertThat(file).exists());

		node.start();
		cluster.awaitFormed(Duration.ofSeconds(20));
		assertThat(files).allSatisfy((file) -> assertThat(file).doesNotExist());
	}

	@Test
	@CorosyncTest
	void aDaemonThatRefusesItsConfigurationIsReportedWithItsLog() {
		assertThatExceptionOfType(CorosyncClusterException.class)
			.isThrownBy(() -> CorosyncCluster.builder().setting("totem.token", "no-number").start().close())
			.withMessageContaining("Node 1 (not running) logged at last:")
			.withMessageContaining("no-number");
	}

	@Test
	void aSettingHasASectionAndAName() {
		assertThatIllegalArgumentException().isThrownBy(() -> CorosyncCluster.builder().setting("token", "1"))
			.withMessage("A setting is named 'section.name', not 'token'");
	}

	@Test
	void aClusterHasOneTo32Nodes() {
		assertThatIllegalArgumentException().isThrownBy(() -> CorosyncCluster.builder().nodes(0));
		assertThatIllegalArgumentException().isThrownBy(() -> CorosyncCluster.builder().nodes(33));
	}

	@Test
	@CorosyncTest
	void aClosedClusterIsReportedAsClosed(CorosyncCluster cluster) {
		cluster.close();

		assertThatExceptionOfType(CorosyncClusterException.class).isThrownBy(cluster.node(1)::start)
			.withMessage("The cluster has been closed");
		assertThatExceptionOfType(CorosyncClusterException.class)
			.isThrownBy(() -> cluster.awaitFormed(Duration.ofMinutes(1)))
			.withMessage("The cluster has been closed");
	}

	@Test
	void settingsThatCorosyncWouldNotUnderstandAreRefused() {
		CorosyncCluster.Builder builder = CorosyncCluster.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.token(Duration.ofNanos(500_000)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.token(Duration.ofSeconds(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.setting("token", "1000"));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.setting("totem.", "1000"));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.setting("totem.token", ""));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.setting("totem.token", "1\n2"));
	}

	/**
	 * A script stands for a corosync that was built with other features than this
	 * machine's.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			enforce_encryption without_udpu pie | This corosync was built without the transport udpu \
			('corosync -v' says without_udpu).
			unencrypted udpu pie                |
			dbus monitoring watchdog            |
			""")
	void aTransportThatCorosyncWasBuiltWithoutIsNamed(String features, @Nullable String reason, @TempDir Path directory)
			throws IOException {
		Path script = Files.writeString(directory.resolve("corosync"),
				"#!/bin/sh\necho \"Corosync Cluster Engine, version '3.1.99'\"\necho 'Built-in features: %s'\n"
					.formatted(features));
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
		assertThat(Availability.udpu(directory + ":" + System.getenv("PATH")).reason())
			.isEqualTo(Optional.ofNullable(reason));
	}

	@Test
	void missingProgramsAreNamed() {
		assertThat(Availability.reason("/nonexistent:/nonexistent").reason())
			.hasValueSatisfying((reason) -> assertThat(reason)
				.startsWith("No Corosync cluster can run here: corosync, corosync-quorumtool, ip, ")
				.contains(" not found in /nonexistent "));
	}

}
