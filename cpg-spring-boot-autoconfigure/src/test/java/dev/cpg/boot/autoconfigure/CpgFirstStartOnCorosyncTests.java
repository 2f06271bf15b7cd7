package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * First starts that go wrong beside a daemon that runs, each really brought about, and
 * what the newcomer reads then.
 */
@CorosyncTest
@Timeout(90)
class CpgFirstStartOnCorosyncTests {

	private final CorosyncNode node;

	CpgFirstStartOnCorosyncTests(CorosyncCluster cluster) {
		this.node = cluster.node(1);
	}

	@Test
	void allIsWell() throws Exception {
		assertThat(start(new ChildJvm())).contains("Joined group 'orders'").doesNotContain("FAILED");
	}

	@Test
	void theDirectoryIsNotThatOfTheSockets() throws Exception {
		assertThat(start(new ChildJvm(), "--cpg.corosync.socket-directory=" + this.node.directory()))
			.contains("APPLICATION FAILED TO START")
			.contains("nothing listens where its daemon would")
			.contains("ls -l '" + this.node.directory() + "/cpg'")
			.contains("correct the setting, or remove it");
	}

	@Test
	void theUserIsNotInUidgid() throws Exception {
		requireRoot();
		String output = start(new ChildJvm().startedBy("setpriv", "--reuid", "65534", "--regid", "65534",
				"--clear-groups", "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override", "--"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Corosync does not let the user of this process in")
			.contains("(uid 65534, gid 65534)")
			.contains("/etc/corosync/uidgid.d/")
			.contains("""
					    uidgid {
					        uid: 65534
					    }
					""")
			.contains("corosync-cfgtool -R");
		assertThat(this.node.log()).contains("Denied connection");
	}

	@Test
	void theSharedMemoryIsThatOfAnotherNamespace() throws Exception {
		String output = start(new ChildJvm().startedBy("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
				"mount -t tmpfs none /dev/shm && exec \"$@\"", "sh"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("the shared memory that it offers is not in this process's /dev/shm")
			.contains("docker run --ipc host --network host")
			.contains("hostIPC: true");
	}

	@Test
	void theTemporaryDirectoryIsUnusable() throws Exception {
		assertThat(start(new ChildJvm().option("-Djava.io.tmpdir=/does/not/exist")))
			.contains("APPLICATION FAILED TO START")
			.contains("The native library of junixsocket, which Unix sockets need, cannot be loaded")
			.contains("java.io.tmpdir names, now /does/not/exist")
			.contains("java -Djava.io.tmpdir=/path/to/a/directory");
	}

	@Test
	@EnabledForJreRange(minVersion = 24)
	void theJvmLetsNobodyLoadANativeLibrary() throws Exception {
		assertThat(start(new ChildJvm().option("--illegal-native-access=deny"))).contains("APPLICATION FAILED TO START")
			.contains("The JVM does not let junixsocket, which Unix sockets need, load its native library")
			.contains("java --enable-native-access=ALL-UNNAMED")
			.contains("start the service again")
			.doesNotContain("java.io.tmpdir (");
	}

	@Test
	@EnabledForJreRange(minVersion = 24)
	void nativeAccessIsNotBlamedWhereAllIsAllowed() throws Exception {
		assertThat(start(
				new ChildJvm().option("--illegal-native-access=allow").option("-Djava.io.tmpdir=/does/not/exist")))
			.contains("java.io.tmpdir names, now /does/not/exist")
			.doesNotContain("--enable-native-access");
	}

	/**
	 * As under systemd's {@code RestrictAddressFamilies}, by the same kind of filter: for
	 * system call 41, {@code socket}, and the family 1, the errno 97.
	 */
	@Test
	void theSystemGivesNoUnixSockets() throws Exception {
		Assumptions.assumeTrue("amd64".equals(System.getProperty("os.arch")), "The filter has the numbers of x86-64");
		Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "Perl calls the system");
		String output = start(new ChildJvm().startedBy("perl", "-e", """
				$filter = pack("SCCL" x 6, 0x20,0,0,0, 0x15,0,2,41, 0x20,0,0,16, 0x15,1,0,1, 6,0,0,0x7fff0000,
						6,0,0,0x50000|97);
				syscall(157, 38, 1, 0, 0, 0) == 0 && syscall(157, 22, 2, pack("S x6 P", 6, $filter), 0, 0) == 0
						or die "There is no filter: $!";
				exec @ARGV;
				"""));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("This process may not open Unix sockets")
			.contains("AF_UNIX among its RestrictAddressFamilies")
			.doesNotContain("java.io.tmpdir");
	}

	/** On the socket transport a connection's buffer is outside of the heap. */
	@Test
	@CorosyncTest(settings = "system.qb_ipc_type=socket")
	void theJvmHasTooLittleMemory(CorosyncCluster cluster) throws Exception {
		requireRoot();
		CorosyncNode other = cluster.node(1);
		String output = start(
				new ChildJvm().option("-XX:MaxDirectMemorySize=1m")
					.startedBy("nsenter", "--net=/proc/%d/ns/net".formatted(other.pid().orElseThrow()), "--"),
				"--cpg.corosync.socket-directory=" + other.socketDirectory());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("This JVM has no memory for a connection to corosync")
			.contains("java -XX:MaxDirectMemorySize=64m")
			.doesNotContain("corosync -v");
	}

	/** A shell makes the bytes, as this JVM may have such a locale itself. */
	@Test
	void aGroupsNameIsNotInTheLocalesEncoding() throws Exception {
		assertThat(start(new ChildJvm().startedBy("sh", "-c",
				"LC_ALL=C exec \"$@\" --cpg.groups.more.group=$(printf 'gr\\303\\266\\303\\237e')", "sh")))
			.contains("APPLICATION FAILED TO START")
			.contains("configuration property 'cpg.groups.more.group'")
			.contains("needs a UTF-8 locale");
	}

	@Test
	void theSharedMemoryIsReadOnly() throws Exception {
		String output = start(new ChildJvm().startedBy("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
				"mount --bind /dev/shm /dev/shm && mount -o remount,bind,ro /dev/shm && exec \"$@\"", "sh"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("/dev/shm is mounted read-only here")
			.contains("findmnt /dev/shm");
	}

	@Test
	void theDirectoryOfTheSocketsMayNotBeEntered() throws Exception {
		requireRoot();
		// Its owner has no number in the user namespace, where root is nobody special.
		Path closed = Files.createDirectory(this.node.directory().resolve("closed"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		Path link = Files.createSymbolicLink(closed.resolve("sockets"), this.node.socketDirectory());
		Files.setAttribute(closed, "unix:uid", 65534);
		assertThat(start(new ChildJvm().startedBy("unshare", "--user", "--map-root-user"),
				"--cpg.corosync.socket-directory=" + link))
			.contains("APPLICATION FAILED TO START")
			.contains("this process's user, 0, may not enter the directory " + closed)
			.doesNotContain("corosync is not running");
	}

	@Test
	void theDaemonDoesNotAnswer() throws Exception {
		this.node.pause();
		assertThat(start(new ChildJvm(), "--cpg.corosync.request-timeout=1s")).contains("APPLICATION FAILED TO START")
			.contains("Corosync does not answer in time")
			.contains("journalctl -u corosync")
			.contains("cpg.corosync.request-timeout");
	}

	private static void requireRoot() throws IOException {
		Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
		Assumptions.assumeTrue(user.equals(0), "Only root can start a process of another user");
	}

	private String start(ChildJvm jvm, String... arguments) throws Exception {
		List<String> all = new ArrayList<>(List.of("--cpg.group=orders", "--cpg.fail-fast=true",
				"--cpg.corosync.socket-directory=" + this.node.socketDirectory()));
		for (String argument : arguments) {
			all.removeIf((other) -> other.startsWith(argument.substring(0, argument.indexOf('='))));
			all.add(argument);
		}
		all.add("--spring.main.web-application-type=none");
		return jvm.run(Newcomer.class, all.toArray(String[]::new));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	static class Newcomer {

		public static void main(String[] args) {
			SpringApplication.run(Newcomer.class, args).close();
		}

	}

}
