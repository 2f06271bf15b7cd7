package dev.cpg.client.corosync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CpgListener;
import dev.cpg.client.internal.ipc.daemon.UserNamespace;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A process of another user listens at the daemon's address, as any may while corosync is
 * down. Only root can start one.
 */
@Timeout(60)
class ImpostorTests {

	private static final long IMPOSTOR = 4711;

	private static final int SETUP_REQUEST_LENGTH = 24;

	@TempDir
	private Path directory;

	private Process impostor;

	private BufferedReader said;

	@BeforeEach
	void start() throws IOException {
		Assumptions.assumeTrue(UserNamespace.current().self() == 0, "Only root can start a process of another user");
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
		this.impostor = start(Listener.class, List.of("setpriv", "--reuid=" + IMPOSTOR, "--regid=" + IMPOSTOR,
				"--clear-groups", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		this.said = this.impostor.inputReader();
		Assumptions.assumeTrue("ready".equals(this.said.readLine()), "The system does not let root be another user");
	}

	@AfterEach
	void stop() {
		if (this.impostor != null) {
			this.impostor.destroyForcibly();
		}
	}

	@Test
	void anotherUsersProcessIsNotTakenForTheDaemonAndIsSentNothing() throws IOException {
		CorosyncConnectException ex = connectFails(Set.of());
		assertThat(ex.reason()).isEqualTo(Reason.UNTRUSTED_DAEMON);
		assertThat(ex).hasMessageContaining("user 4711")
			.hasMessageContaining("process " + this.impostor.pid())
			.hasMessageContaining("trustedUids=4711");
		assertThat(this.said.readLine()).isEqualTo("cpg 0");
	}

	@Test
	void anotherUsersProcessIsNotAskedForTheNamesOfTheNodes() throws IOException {
		CorosyncConnectException ex = fails(() -> await(connector(Set.of()).names()));
		assertThat(ex.reason()).isEqualTo(Reason.UNTRUSTED_DAEMON);
		assertThat(this.said.readLine()).isEqualTo("cmap 0");
	}

	@Test
	void anotherUsersProcessIsTakenForTheDaemonIfTheApplicationTrustsThatUser() throws IOException {
		assertThat(connectFails(Set.of(IMPOSTOR)).reason()).isEqualTo(Reason.NOT_READY);
		assertThat(this.said.readLine()).isEqualTo("cpg " + SETUP_REQUEST_LENGTH);
	}

	private CorosyncConnectException connectFails(Set<Long> trusted) {
		return fails(() -> connector(trusted).connect(new CpgListener() {
		}).close());
	}

	private CorosyncConnector connector(Set<Long> trusted) {
		return CorosyncConnector.builder().socketDirectory(this.directory).trustedUids(trusted).build();
	}

	private static void await(Future<?> future) throws Throwable {
		try {
			future.get();
		}
		catch (ExecutionException ex) {
			throw Objects.requireNonNull(ex.getCause());
		}
	}

	private static CorosyncConnectException fails(ThrowingCallable call) {
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class, call);
		assertThat(ex).as("a refusal").isNotNull();
		return ex;
	}

	/** The classes of this process need not be readable for other users. */
	private Process start(Class<?> main, List<String> java) throws IOException {
		String name = main.getName().replace('.', '/') + ".class";
		Path copy = this.directory.resolve(name);
		Files.createDirectories(Objects.requireNonNull(copy.getParent()));
		try (InputStream source = main.getClassLoader().getResourceAsStream(name)) {
			Files.copy(Objects.requireNonNull(source), copy);
		}
		List<String> command = new ArrayList<>(java);
		command.addAll(List.of("-cp", this.directory.toString(), main.getName(), this.directory.toString()));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
	}

	/** Listens as {@code cpg} and {@code cmap}, and says how much it is sent. */
	static final class Listener {

		private Listener() {
		}

		public static void main(String[] args) throws IOException, InterruptedException {
			Thread cpg = listen(Path.of(args[0], "cpg"));
			listen(Path.of(args[0], "cmap"));
			System.out.println("ready");
			cpg.join();
		}

		private static Thread listen(Path path) throws IOException {
			ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
			server.bind(UnixDomainSocketAddress.of(path));
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
			Thread thread = new Thread(() -> serve(server, path.getFileName().toString()));
			thread.start();
			return thread;
		}

		/** Hangs up when it has heard what a client sends first. */
		private static void serve(ServerSocketChannel server, String name) {
			try {
				while (true) {
					try (SocketChannel client = server.accept()) {
						ByteBuffer heard = ByteBuffer.allocate(SETUP_REQUEST_LENGTH);
						int read = 0;
						while (heard.hasRemaining() && read >= 0) {
							read = client.read(heard);
						}
						System.out.println(name + " " + heard.position());
					}
				}
			}
			catch (IOException ex) {
				System.out.println(ex);
			}
		}

	}

}
