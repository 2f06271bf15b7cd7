package dev.cpg.build;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code mvnw} does with the archive that it gets. A server on the loopback
 * interface takes the place of a repository, and a script that of the machine's Maven;
 * both hand over an archive that may have been tampered with.
 */
@Timeout(60)
class MavenWrapperTests {

	private static final String VERSION = "9.9.9";

	@TempDir
	Path directory;

	private Path project;

	private Path served;

	private HttpServer repository;

	private String repositoryUrl;

	@BeforeEach
	void makeProject() throws IOException {
		this.repository = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.repository.createContext("/", this::answer);
		this.repository.start();
		this.repositoryUrl = "http://localhost:" + this.repository.getAddress().getPort() + "/repository";
		this.project = Files.createDirectories(this.directory.resolve("project"));
		Files.createDirectories(this.project.resolve(".mvn"));
		Files.copy(Path.of("..", "mvnw"), this.project.resolve("mvnw"));
		Files.copy(Path.of("..", ".mvn", "FetchMaven.java"), this.project.resolve(".mvn/FetchMaven.java"));
		Files.writeString(this.project.resolve(".mvn/maven-version"), VERSION + "\n");
		this.served = this.directory.resolve("served.tar.gz");
		makeProgram(this.directory.resolve("path/mvn"), """
				for argument; do
					case $argument in
					-DoutputDirectory=*) cp '%s' "${argument#*=}/apache-maven-%s-bin.tar.gz" ;;
					esac
				done
				""".formatted(this.served, VERSION));
	}

	@AfterEach
	void stopServing() {
		this.repository.stop(0);
	}

	private void answer(HttpExchange exchange) throws IOException {
		boolean found = Files.exists(this.served) && exchange.getRequestURI()
			.getPath()
			.equals("/repository/org/apache/maven/apache-maven/%1$s/apache-maven-%1$s-bin.tar.gz".formatted(VERSION));
		byte[] body = found ? Files.readAllBytes(this.served) : new byte[0];
		exchange.sendResponseHeaders(found ? 200 : 404, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	@Test
	void theArchiveWithThePinnedChecksumIsUnpackedOnceAndRun() throws Exception {
		pin(serve("echo run with $1"));
		assertThat(run("verify")).isEqualTo(new Result(0, "mvnw: fetching Maven 9.9.9\nrun with verify\n"));
		Files.delete(this.served);
		assertThat(run("install")).isEqualTo(new Result(0, "run with install\n"));
	}

	@Test
	void anotherMavenFetchesItWhereNoRepositoryIsNamed() throws Exception {
		pin(serve("echo run with $1"));
		this.repositoryUrl = "";
		assertThat(run("verify")).isEqualTo(new Result(0, "mvnw: fetching Maven 9.9.9\nrun with verify\n"));
	}

	@Test
	void anotherArchiveIsNeitherUnpackedNorRun() throws Exception {
		String pinned = serve("echo run");
		pin(pinned);
		String other = serve("echo somebody else");
		Result result = run("verify");
		assertThat(result.status()).isEqualTo(1);
		assertThat(result.output()).contains("is not the archive that this build is pinned to")
			.contains("SHA-512 " + other + " instead of " + pinned)
			.doesNotContain("somebody else");
		assertNothingKept();
	}

	@Test
	void anArchiveThatWasCutIsNotUnpacked() throws Exception {
		pin(serve("echo run"));
		byte[] archive = Files.readAllBytes(this.served);
		Files.write(this.served, List.of());
		assertThat(run("verify").output()).contains("is not the archive that this build is pinned to");
		archive[archive.length / 2] ^= 1;
		Files.write(this.served, archive);
		assertThat(run("verify").output()).contains("is not the archive that this build is pinned to");
		assertNothingKept();
	}

	@Test
	void aMissingArchiveIsReported() throws Exception {
		Files.writeString(this.project.resolve(".mvn/maven-sha512"), "00\n");
		assertThat(run("verify").output()).contains("mvnw: Maven 9.9.9 could not be fetched");
		assertNothingKept();
	}

	/** Makes an archive like Maven's, whose program consists of these lines. */
	private String serve(String lines) throws Exception {
		Path root = this.directory.resolve("archive");
		makeProgram(root.resolve("apache-maven-" + VERSION + "/bin/mvn"), lines);
		Process tar = new ProcessBuilder("tar", "-czf", this.served.toString(), "-C", root.toString(),
				"apache-maven-" + VERSION)
			.inheritIO()
			.start();
		assertThat(tar.waitFor()).isZero();
		byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(this.served));
		return HexFormat.of().formatHex(digest);
	}

	private void pin(String checksum) throws IOException {
		Files.writeString(this.project.resolve(".mvn/maven-sha512"), checksum + "\n");
	}

	private Result run(String argument) throws Exception {
		ProcessBuilder builder = new ProcessBuilder("sh", this.project.resolve("mvnw").toString(), argument)
			.redirectErrorStream(true);
		Map<String, String> environment = builder.environment();
		environment.keySet().removeIf((name) -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
		environment.put("HOME", this.directory.toString());
		environment.put("JAVA_HOME", System.getProperty("java.home"));
		environment.put("MVNW_REPOURL", this.repositoryUrl);
		environment.put("MAVEN_USER_HOME", this.directory.resolve("m2").toString());
		environment.merge("PATH", this.directory.resolve("path").toString(), (path, ours) -> ours + ":" + path);
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		return new Result(process.exitValue(), output);
	}

	private void assertNothingKept() throws IOException {
		try (Stream<Path> kept = Files.list(this.directory.resolve("m2/pinned"))) {
			assertThat(kept).isEmpty();
		}
	}

	private static void makeProgram(Path file, String lines) throws IOException {
		Files.createDirectories(file.getParent());
		Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private record Result(int status, String output) {
	}

}
