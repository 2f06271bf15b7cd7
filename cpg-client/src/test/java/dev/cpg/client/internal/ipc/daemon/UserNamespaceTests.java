package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgListener;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.client.corosync.FakeDaemon;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client in a user namespace that does not map the daemon's user, as in a container of
 * an unprivileged user. The daemon's user is shown as everybody outside is.
 */
@Timeout(60)
class UserNamespaceTests {

	@TempDir
	private Path directory;

	private FakeDaemon daemon;

	@BeforeEach
	void start() throws Exception {
		this.daemon = new FakeDaemon(this.directory);
	}

	@AfterEach
	void stop() throws Exception {
		this.daemon.close();
	}

	@Test
	void usersThatAreNotMappedAreTrustedOnlyIfTheApplicationTrustsThemAll() throws Exception {
		assertThat(clientInANamespace()).contains("UNTRUSTED_DAEMON")
			.contains("user namespace")
			.contains("trustedUids=65534");
		assertThat(clientInANamespace("65534")).contains("connected to node " + FakeDaemon.NODE_ID);
	}

	private String clientInANamespace(String... trusted) throws Exception {
		Path output = this.directory.resolve("output");
		Process process = new ProcessBuilder(Stream
			.concat(Stream.of("unshare", "--user", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-cp", System.getProperty("java.class.path"), Client.class.getName(), this.directory.toString()),
					Stream.of(trusted))
			.toList()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		String said = Files.readString(output);
		Assumptions.assumeFalse(said.startsWith("unshare: "), "A user namespace cannot be made here: " + said);
		return said;
	}

	/** Says whether it could connect. */
	static final class Client {

		private Client() {
		}

		public static void main(String[] args) throws IOException {
			Set<Long> trusted = Stream.of(args).skip(1).map(Long::valueOf).collect(Collectors.toSet());
			CorosyncConnector connector = CorosyncConnector.builder()
				.socketDirectory(Path.of(args[0]))
				.trustedUids(trusted)
				.build();
			try (CpgConnection connection = connector.connect(new CpgListener() {
			})) {
				System.out.println("connected to node " + connection.localNodeId());
			}
			catch (CorosyncConnectException ex) {
				System.out.println(ex.reason() + ": " + ex.getMessage());
			}
		}

	}

}
