package dev.cpg.benchmarks.failover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server with the tables of Spring Integration: in a temporary directory, on
 * a Unix socket, run by an unprivileged user.
 */
final class Postgres implements AutoCloseable {

	private static final Path DEBIANS = Path.of("/usr/lib/postgresql");

	private static final String NOBODY = "65534";

	private static final int ATTEMPTS = 300;

	private static final long PAUSE_MILLIS = 100;

	private final Path programs = programs();

	private final Path directory = Files.createTempDirectory("cpg-bench-postgres");

	private final Process process;

	Postgres() throws IOException, InterruptedException {
		if (isRoot()) {
			run("chown", NOBODY + ":" + NOBODY, this.directory.toString());
		}
		run(unprivileged("initdb", "--auth=trust", "--username=bench", "--encoding=UTF8", "--locale=C",
				"--pgdata=" + data()));
		this.process = new ProcessBuilder(
				unprivileged("postgres", "-D", data(), "-k", this.directory.toString(), "-c", "listen_addresses="))
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile())
			.start();
		PGSimpleDataSource database = new PGSimpleDataSource();
		database.setUrl(url());
		awaitAnswer(database);
		new ResourceDatabasePopulator(
				new ClassPathResource("org/springframework/integration/jdbc/schema-postgresql.sql"))
			.execute(database);
	}

	private static void awaitAnswer(PGSimpleDataSource database) throws IOException, InterruptedException {
		for (int attempt = 1;; attempt++) {
			try (Connection connection = database.getConnection()) {
				connection.isValid(1);
				return;
			}
			catch (SQLException ex) {
				if (attempt == ATTEMPTS) {
					throw new IOException("PostgreSQL does not answer", ex);
				}
				Thread.sleep(PAUSE_MILLIS);
			}
		}
	}

	private static Path programs() throws IOException {
		try (Stream<Path> versions = Files.list(DEBIANS)) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((bin) -> Files.isExecutable(bin.resolve("initdb")))
				.max(Comparator.naturalOrder())
				.orElseThrow(() -> new IOException("There is no PostgreSQL in " + DEBIANS));
		}
	}

	/** Where candidates connect. */
	String url() {
		return "jdbc:postgresql://localhost/postgres?user=bench&sslmode=disable"
				+ "&socketFactory=org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg&socketFactoryArg="
				+ this.directory.resolve(".s.PGSQL.5432");
	}

	private String data() {
		return this.directory.resolve("data").toString();
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
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		if (process.waitFor() != 0) {
			throw new IOException(String.join(" ", command) + " failed");
		}
	}

	@Override
	public void close() throws IOException {
		try {
			run(unprivileged("pg_ctl", "stop", "--mode=immediate", "--pgdata=" + data()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
			FileSystemUtils.deleteRecursively(this.directory);
		}
	}

}
