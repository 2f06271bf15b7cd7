package dev.cpg.client.internal.ipc.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.corosync.FakeClient;
import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.corosync.FakePeer;
import dev.cpg.client.corosync.FakePeer.Ring;
import dev.cpg.client.corosync.FakeSocketPeer;
import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.daemon.SharedMemoryFiles;
import dev.cpg.client.internal.ipc.daemon.UserNamespace;
import dev.cpg.client.internal.ipc.memory.RingFiles;
import dev.cpg.client.internal.ipc.memory.RingLayout;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Whoever answers in the daemon's place offers names that lead to files of others. None
 * of those is opened, changed or removed, and the connection is refused with a reason. A
 * real daemon offers no such names, so these are a {@link FakeDaemon}'s.
 */
@Timeout(60)
class HostileNamesTests {

	private static final int NAME_LENGTH = 4096;

	private static final int CONTROL_NAME = Ring.REQUEST.nameOffset;

	private static final int SOCKET_NAME = Ring.RESPONSE.nameOffset;

	/** A directory of the victim's, with a ring and a control file in it. */
	@TempDir
	private Path victim;

	@TempDir
	private Path directory;

	private FakeDaemon daemon;

	private byte[] header;

	@BeforeEach
	void start() throws IOException {
		this.daemon = new FakeDaemon(this.directory);
		RingFiles.create(this.victim, "ring", FakePeer.RING_WORDS);
		this.header = Files.readAllBytes(this.victim.resolve("ring-header"));
		Files.write(this.victim.resolve("control"), new byte[24]);
	}

	@AfterEach
	void theVictimIsAsItWas() throws IOException {
		this.daemon.close();
		assertThat(this.victim.resolve("ring-header")).hasBinaryContent(this.header);
		assertThat(this.victim.resolve("ring-data")).hasSize(FakePeer.RING_WORDS * (long) RingLayout.WORD);
		assertThat(this.victim.resolve("control")).hasBinaryContent(new byte[24]);
	}

	static Stream<String> namesThatLeadOut() {
		return Stream.of("..", ".", "../..", "/", "/dev/shm", "/dev/shm/", "/dev/shm/.", "/dev/shm/..", "/etc/passwd",
				"qb/../../../etc/passwd", "/dev/shm/../../etc/passwd", "/dev/shm/qb/../../../etc/passwd",
				"/dev/shm/./qb", "/dev/shmqb/ring", "/dev/shm/one/two/three", "/dev/shm/" + "n".repeat(241),
				"n".repeat(241), "/dev/shm/".repeat(455), "n".repeat(NAME_LENGTH - 1), "a b", "line\nbreak",
				"\u001b[31mred", "umläut", "\u007f");
	}

	@ParameterizedTest
	@MethodSource("namesThatLeadOut")
	void aRingIsNotLookedForOutsideOfTheDirectory(String name) {
		for (Ring ring : Ring.values()) {
			this.daemon.setup((response) -> name(response, ring.nameOffset, name));
			assertRefused();
		}
	}

	@ParameterizedTest
	@MethodSource("namesThatLeadOut")
	void neitherAreTheFileAndTheSocketsOfTheSocketTransport(String name) throws IOException {
		for (int offset : new int[] { CONTROL_NAME, SOCKET_NAME }) {
			offerSockets((response) -> name(response, offset, name));
		}
	}

	@Test
	void theVictimsOwnFilesAreNotOpenedByTheirPath() throws IOException {
		String up = "../../" + this.victim;
		for (String name : List.of(this.victim + "/ring", up + "/ring", "/dev/shm/" + up + "/ring")) {
			for (Ring ring : Ring.values()) {
				this.daemon.setup((response) -> name(response, ring.nameOffset, name));
				assertRefused();
			}
		}
		offerSockets((response) -> name(response, CONTROL_NAME, this.victim + "/control"));
	}

	/** Each takes the place of a file that the daemon offers. */
	static Stream<String> impostors() {
		return Stream.of("symbolic link", "hard link", "fifo", "directory", "device", "another's file");
	}

	@ParameterizedTest
	@MethodSource("impostors")
	void aRingsFileMustBeARegularOneThatIsTheDaemonsAlone(String impostor) {
		for (Ring ring : Ring.values()) {
			for (String part : List.of("header", "data")) {
				this.daemon.conversation((peer) -> {
					peer.readSetupRequest();
					TestFrame response = peer.setupResponse();
					place(impostor, peer.file(ring, part), this.victim.resolve("ring-" + part));
					peer.send(response.bytes());
					peer.serve();
				});
				assertRefused();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("impostors")
	void soMustTheControlFileOfTheSocketTransport(String impostor) throws IOException {
		Path control = this.daemon.files().resolve("impostor");
		Files.write(control, new byte[24]);
		place(impostor, control, this.victim.resolve("control"));
		offerSockets((response) -> name(response, CONTROL_NAME, control.toString()));
	}

	@Test
	void aDirectoryThatIsALinkIsNotEntered() throws IOException {
		Path link = Files.createTempDirectory(Path.of("/dev/shm"), "qb-link-");
		Files.delete(link);
		Files.createSymbolicLink(link, this.victim);
		try {
			for (Ring ring : Ring.values()) {
				this.daemon.setup((response) -> name(response, ring.nameOffset, link + "/ring"));
				assertRefused();
			}
			offerSockets((response) -> name(response, CONTROL_NAME, link + "/control"));
		}
		finally {
			Files.delete(link);
		}
	}

	@Test
	void theNameOfASocketThatHasNoRoomInItsAddressIsRefused() throws IOException {
		offerSockets((response) -> name(response, SOCKET_NAME, "/dev/shm/" + "n".repeat(92)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "regular file", "symbolic link" })
	void whatIsInThePlaceOfASocketsFileIsNotRemoved(String impostor) throws IOException {
		for (String end : List.of("-response", "-event")) {
			Path file = this.directory.resolve("old" + end);
			if (impostor.equals("symbolic link")) {
				Files.createSymbolicLink(file, this.victim.resolve("control"));
			}
			else {
				Files.writeString(file, "of others");
			}
			try (FakeSocketPeer peer = new FakeSocketPeer(this.daemon.files(), this.directory.resolve("old"))) {
				this.daemon.conversation(peer);
				assertRefused();
				assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
			}
			Files.delete(file);
		}
	}

	@Test
	void socketsWithFilesAreUsedAndTheirFilesRemoved() throws IOException {
		Path name = this.directory.resolve("old");
		try (FakeSocketPeer peer = new FakeSocketPeer(this.daemon.files(), name)) {
			this.daemon.conversation(peer);
			try (FakeClient client = FakeClient.connect(this.daemon)) {
				assertThat(client.connection().localNodeId()).isEqualTo(FakeDaemon.NODE_ID);
				assertThat(Path.of(name + "-response")).exists();
			}
			assertThat(Path.of(name + "-response")).doesNotExist();
			assertThat(Path.of(name + "-event")).doesNotExist();
		}
	}

	/** A process that has ended stands for the daemon whose files are left behind. */
	@ParameterizedTest
	@ValueSource(strings = { "symbolic link", "hard link", "directory", "fifo", "another file", "linked directory" })
	void aNameThatLeadsElsewhereByTheTimeTheDaemonIsDeadIsNotRemoved(String swap) throws Exception {
		Path own = Files.createDirectory(this.daemon.files().resolve("own"));
		Path file = Files.createFile(own.resolve("ring-header"));
		DaemonDirectory memory = new DaemonDirectory(this.daemon.files(), (owner) -> true);
		Process dead = new ProcessBuilder("sleep", "60").start();
		DaemonFile found = memory.find(file, DaemonFile.Kind.FILE);
		SharedMemoryFiles files = new SharedMemoryFiles(List.of(found, memory.find(own, DaemonFile.Kind.DIRECTORY)),
				dead.pid());
		Path aside = this.daemon.files().resolve("aside");
		switch (swap) {
			case "linked directory" -> {
				Files.move(own, aside);
				Files.createSymbolicLink(own, this.victim);
			}
			case "another file" -> {
				Files.move(file, aside);
				Files.createFile(file);
			}
			default -> place(swap, file, this.victim.resolve("ring-header"));
		}
		dead.destroyForcibly().waitFor();
		files.removeIfDaemonDied(true);
		assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
		assertThat(catchThrowableOfType(IOException.class, found::open)).hasMessageContaining(own.toString());
	}

	@Test
	void filesOfADeadDaemonAreRemovedWithTheirDirectory() throws Exception {
		Path own = Files.createDirectory(this.daemon.files().resolve("own"));
		Path file = Files.createFile(own.resolve("ring-header"));
		DaemonDirectory memory = new DaemonDirectory(this.daemon.files(), (owner) -> true);
		Process dead = new ProcessBuilder("sleep", "60").start();
		SharedMemoryFiles files = new SharedMemoryFiles(
				List.of(memory.find(file, DaemonFile.Kind.FILE), memory.find(own, DaemonFile.Kind.DIRECTORY)),
				dead.pid());
		files.removeIfDaemonDied(false);
		assertThat(file).as("the file of a living daemon").exists();
		dead.destroyForcibly().waitFor();
		files.removeIfDaemonDied(true);
		assertThat(own).doesNotExist();
	}

	private void offerSockets(Consumer<TestFrame> lie) throws IOException {
		try (FakeSocketPeer peer = new FakeSocketPeer(this.daemon.files())) {
			this.daemon.conversation(peer.setup(lie));
			assertRefused();
		}
	}

	private void assertRefused() {
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class,
				() -> FakeClient.connect(this.daemon).close());
		assertThat(ex).as("a refusal").isNotNull();
		assertThat(ex.reason()).as(ex.getMessage()).isEqualTo(Reason.PROTOCOL);
		assertThat(ex).hasMessageContaining("it offers");
		assertThat(String.valueOf(ex.getMessage())).hasSizeLessThan(500).matches("[ -~]*");
	}

	private static void place(String impostor, Path file, Path victim) throws IOException {
		if (impostor.equals("another's file") || impostor.equals("device")) {
			Assumptions.assumeTrue(UserNamespace.current().self() == 0, "Only root can make it");
		}
		if (impostor.equals("another's file")) {
			Files.setAttribute(file, "unix:uid", 4711);
			return;
		}
		Files.delete(file);
		switch (impostor) {
			case "symbolic link" -> Files.createSymbolicLink(file, victim);
			case "hard link" -> {
				// Links do not reach from one file system into another.
				Path original = Files.copy(victim, file.resolveSibling("original-" + file.getFileName()));
				Files.createLink(file, original);
			}
			case "fifo" -> run("mkfifo", file.toString());
			case "directory" -> Files.createDirectory(file);
			case "device" -> run("mknod", file.toString(), "c", "1", "5");
			default -> throw new IllegalArgumentException(impostor);
		}
	}

	private static void run(String... command) throws IOException {
		try {
			Process process = new ProcessBuilder(command).inheritIO().start();
			assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
			Assumptions.assumeTrue(process.exitValue() == 0, Arrays.toString(command) + " is not possible here");
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void name(TestFrame response, int offset, String name) {
		byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), NAME_LENGTH);
		response.putBytes(offset, bytes, 0, bytes.length);
	}

}
