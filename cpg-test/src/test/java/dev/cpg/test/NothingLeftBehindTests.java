package dev.cpg.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Nothing of a cluster stays on the machine, however its JVM ends.
 */
class NothingLeftBehindTests {

	@Test
	@CorosyncTest(nodes = 2)
	void afterClose(CorosyncCluster cluster) throws Exception {
		Remains first = Remains.of(cluster.node(1));
		Remains second = Remains.of(cluster.node(2));
		Process client = cluster.node(1).exec("corosync-cmapctl", "-t", "no.such.key");
		await().until(() -> !first.connections().isEmpty());
		cluster.node(2).kill();
		assertThat(second.sharedMemory()).isNotEmpty();

		cluster.close();

		assertNothingRemains(first);
		assertNothingRemains(second);
		assertThat(client.waitFor(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	@CorosyncTest
	void afterCloseWithAProgramStoppedInTheNodesWorld(CorosyncCluster cluster) throws Exception {
		Remains remains = Remains.of(cluster.node(1));
		Process program = cluster.node(1).exec("sleep", "1000");
		await().until(() -> program.children().count() == 1);
		ProcessHandle sleep = program.children().findFirst().orElseThrow();
		assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(sleep.pid())).start().waitFor()).isZero();

		cluster.close();

		assertNothingRemains(remains);
	}

	@Test
	@CorosyncTest
	void afterKillingTheJvm() throws Exception {
		try (MainProcess main = MainProcess.start("--nodes", "2")) {
			Remains remains = Remains.of(main.nodeDirectory(1));
			Set<ProcessHandle> processes = main.descendants();
			assertThat(main.command("pause 2")).isEqualTo("ok pause 2");
			assertThat(main.command("kill 1")).isEqualTo("ok kill 1");
			assertThat(remains.sharedMemory()).isNotEmpty();
			assertThat(remains.processes()).isNotEmpty();
			assertThat(processes).isNotEmpty();

			main.kill();

			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(processes).noneMatch(ProcessHandle::isAlive));
			assertNothingRemains(remains);
		}
	}

	@Test
	@CorosyncTest
	void afterKillingAJvmThatIsStillStarting(@TempDir Path directory) throws Exception {
		try (MainProcess main = MainProcess.launch(MainProcess.java("-Djava.io.tmpdir=" + directory), "--nodes", "3")) {
			await().pollInterval(Duration.ofMillis(2)).until(() -> !isEmpty(directory));
			Set<ProcessHandle> processes = main.descendants();

			main.kill();

			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(processes).noneMatch(ProcessHandle::isAlive));
			await().until(() -> isEmpty(directory));
		}
	}

	@Test
	void afterKillingAJvmThatDoesNotKnowTheDirectoryYet(@TempDir Path directory) throws Exception {
		String lateSupervisor = "read -r go\n" + ClusterWorld.resource("supervisor.sh");
		Process supervisor = new ProcessBuilder("sh", "-c", lateSupervisor, "supervisor", directory.toString())
			.redirectErrorStream(true)
			.start();
		supervisor.getInputStream().close();
		supervisor.getOutputStream().write('\n');
		supervisor.getOutputStream().close();

		assertThat(supervisor.waitFor(20, TimeUnit.SECONDS)).isTrue();
		assertThat(isEmpty(directory)).isTrue();
	}

	@Test
	@CorosyncTest
	void afterSigtermWhenTheJvmHasEnded() throws Exception {
		try (MainProcess main = MainProcess.start("--nodes", "1")) {
			Remains remains = Remains.of(main.nodeDirectory(1));
			Set<ProcessHandle> processes = main.descendants();

			main.terminate();

			assertNothingRemains(remains);
			assertThat(processes).noneMatch(ProcessHandle::isAlive);
		}
	}

	@Test
	@CorosyncTest
	@EnabledIf("isRoot")
	void afterAClusterThatRunsWithoutRoot(@TempDir Path directory) throws Exception {
		try (MainProcess main = MainProcess.startAsNobody(directory, "--nodes", "3")) {
			Remains remains = Remains.of(main.nodeDirectory(1));
			assertThat(Files.getOwner(remains.directory()).getName()).isEqualTo("nobody");
			assertThat(main.command("cut 2")).isEqualTo("ok cut 2");
			assertThat(main.command("stop 1")).isEqualTo("ok stop 1");
			assertThat(main.command("restore")).isEqualTo("ok restore");
			assertThat(main.command("status 3")).endsWith(" quorate=true nodes=1,2,3");

			main.kill();

			await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(remains.directory()));
			assertNothingRemains(remains);
		}
	}

	static boolean isRoot() {
		return System.getProperty("user.name").equals("root");
	}

	private static boolean isEmpty(Path directory) throws IOException {
		try (var paths = Files.newDirectoryStream(directory, "cpg-*")) {
			return !paths.iterator().hasNext();
		}
	}

	private static void assertNothingRemains(Remains remains) throws IOException {
		assertThat(remains.processes()).isEmpty();
		assertThat(remains.sharedMemory()).isEmpty();
		assertThat(remains.directory()).doesNotExist();
		assertThat(remains.mounts()).isEmpty();
	}

}
