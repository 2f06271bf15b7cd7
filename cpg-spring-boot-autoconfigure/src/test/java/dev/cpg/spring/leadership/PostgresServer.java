package dev.cpg.spring.leadership;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of the test's own: in a temporary directory, on a Unix socket, run
 * by an unprivileged user.
 */
final class PostgresServer implements AutoCloseable {

	private static final Path DEBIANS = Path.of("/usr/lib/postgresql");

	private static final String NOBODY = "65534";

	private final Path programs;

	private final Path directory;

	private final Process process;

	private PostgresServer(Path programs) throws IOException, InterruptedException {
		this.programs = programs;
		this.directory = Files.createTempDirectory("cpg-postgres");
		if (isRoot()) {
			run("chown", NOBODY + ":" + NOBODY, this.directory.toString());
		}
		run(unprivileged("initdb", "--auth=trust", "--username=test", "--encoding=UTF8", "--locale=C", "--no-sync",
				"--pgdata=" + data()));
		this.process = new ProcessBuilder(unprivileged("postgres", "-D", data().toString(), "-k",
				this.directory.toString(), "-c", "listen_addresses=", "-c", "fsync=off"))
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile())
			.start();
	}

	/**
	 * Starts a server, if PostgreSQL is installed. Otherwise the test is skipped, or
	 * fails if the environment requires it.
	 */
	static PostgresServer start() throws Exception {
		Optional<Path> programs = programs();
		if (!Boolean.parseBoolean(System.getenv("CPG_REQUIRE_POSTGRES"))) {
			Assumptions.assumeTrue(programs.isPresent(), "PostgreSQL is not installed");
		}
		PostgresServer server = new PostgresServer(programs.orElseThrow());
		try {
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(server::answers);
		}
		catch (RuntimeException ex) {
			ex.addSuppressed(new IllegalStateException(Files.readString(server.directory.resolve("log"))));
			server.close();
			throw ex;
		}
		return server;
	}

	private static Optional<Path> programs() throws IOException {
		if (!Files.isDirectory(DEBIANS)) {
			return Optional.empty();
		}
		try (Stream<Path> versions = Files.list(DEBIANS)) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((bin) -> Files.isExecutable(bin.resolve("initdb")))
				.max(Comparator.naturalOrder());
		}
	}

	PGSimpleDataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(url());
		return dataSource;
	}

	String url() {
		return "jdbc:postgresql://localhost/postgres?user=test&sslmode=disable"
				+ "&socketFactory=org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg&socketFactoryArg="
				+ this.directory.resolve(".s.PGSQL.5432");
	}

	private boolean answers() {
		try (Connection connection = dataSource().getConnection()) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private Path data() {
		return this.directory.resolve("data");
	}

	/** PostgreSQL refuses to run as root. */
	private String[] unprivileged(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if (isRoot()) {
			command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
		}
		command.add(this.programs.resolve(program).toString());
		command.addAll(List.of(arguments));
		return command.toArray(String[]::new);
	}

	private static boolean isRoot() {
		return System.getProperty("user.name").equals("root");
	}

	private static void run(String... command) throws IOException, InterruptedException {
		Path output = Files.createTempFile("cpg-postgres", ".log");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(output));
			}
		}
		finally {
			Files.delete(output);
		}
	}

	@Override
	public void close() {
		try {
			run(unprivileged("pg_ctl", "stop", "--mode=immediate", "--pgdata=" + data()));
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
		}
	}

}
