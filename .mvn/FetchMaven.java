import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Fetches the Maven that this build is pinned to, and unpacks it if its checksum is the pinned one. It takes what there
 * is in the local repository; or in the repository that the environment variable MVNW_REPOURL names, or a mirror in
 * settings.xml; or what another Maven on the PATH fetches; or what is in Apache's archive.
 * <p>
 * Usage: {@code java FetchMaven.java PINNED TARGET}, where PINNED is the directory with the version and the checksum, and
 * TARGET the directory that Maven is to be in.
 */
class FetchMaven {

	private static final String APACHE = "https://archive.apache.org/dist/maven/maven-3/%s/binaries/%s";

	private final Path settings = Path.of(env("HOME").orElse(System.getProperty("user.home")), ".m2");

	private final String version;

	private final String sha512;

	private final Path part;

	FetchMaven(Path pinned, Path part) throws IOException {
		this.version = Files.readString(pinned.resolve("maven-version")).strip();
		this.sha512 = Files.readString(pinned.resolve("maven-sha512")).strip();
		this.part = part;
	}

	public static void main(String[] args) throws Exception {
		try {
			fetch(Path.of(args[0]), Path.of(args[1]));
		}
		catch (IOException ex) {
			System.err.println("mvnw: " + ex.getMessage());
			System.exit(1);
		}
	}

	private static void fetch(Path pinned, Path target) throws Exception {
		Files.createDirectories(target.getParent());
		Path part = Files.createTempDirectory(target.getParent(), "part.");
		try {
			FetchMaven maven = new FetchMaven(pinned, part);
			maven.unpack(maven.verified(maven.archive()));
			maven.moveTo(target);
		}
		finally {
			delete(part);
		}
	}

	private Path archive() throws Exception {
		String name = "apache-maven-" + this.version + "-bin.tar.gz";
		String path = "org/apache/maven/apache-maven/" + this.version + "/" + name;
		Path local = this.settings.resolve("repository").resolve(path);
		if (Files.exists(local)) {
			return local;
		}
		System.err.println("mvnw: fetching Maven " + this.version);
		Optional<Document> settings = readSettings();
		Optional<String> repository = env("MVNW_REPOURL").or(() -> settings.flatMap(FetchMaven::mirror));
		if (repository.isPresent()) {
			return download(repository.get().replaceFirst("/*$", "/") + path, settings);
		}
		Path copy = this.part.resolve(name);
		return copyWithMaven() && Files.exists(copy) ? copy : download(APACHE.formatted(this.version, name), settings);
	}

	private Path download(String source, Optional<Document> settings) throws IOException, InterruptedException {
		HttpClient.Builder client = HttpClient.newBuilder()
			.followRedirects(HttpClient.Redirect.NORMAL)
			.connectTimeout(Duration.ofSeconds(20));
		proxy(settings).ifPresentOrElse(client::proxy, () -> client.proxy(ProxySelector.getDefault()));
		try {
			HttpResponse<Path> response = client.build()
				.send(HttpRequest.newBuilder(URI.create(source)).timeout(Duration.ofMinutes(10)).build(),
						BodyHandlers.ofFile(this.part.resolve("archive")));
			if (response.statusCode() == 200) {
				return response.body();
			}
			throw new IOException("the answer is " + response.statusCode());
		}
		catch (IOException ex) {
			throw new IOException(("Maven %s could not be fetched from %s (%s)%nmvnw: set MVNW_REPOURL to a repository that has it,"
					+ " or install any Maven, which then fetches it (Debian, Ubuntu: apt-get install maven)")
				.formatted(this.version, source, ex));
		}
	}

	/** Runs another Maven, in an empty directory, so that it does not read this project. */
	private boolean copyWithMaven() throws IOException, InterruptedException {
		Path directory = Files.createDirectory(this.part.resolve("empty"));
		ProcessBuilder maven = new ProcessBuilder("mvn", "-q", "-B",
				"org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
				"-Dartifact=org.apache.maven:apache-maven:" + this.version + ":tar.gz:bin",
				"-DoutputDirectory=" + this.part)
			.directory(directory.toFile());
		try {
			return maven.redirectErrorStream(true).redirectOutput(this.part.resolve("log").toFile()).start().waitFor() == 0;
		}
		catch (IOException ex) {
			// There is none.
			return false;
		}
	}

	private byte[] verified(Path archive) throws Exception {
		byte[] content = Files.readAllBytes(archive);
		String actual = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(content));
		if (!actual.equals(this.sha512)) {
			throw new IOException("""
					what was fetched as Maven %1$s is not the archive that this build is pinned to, so it was not unpacked
					mvnw: SHA-512 %2$s instead of %3$s
					mvnw: remove org/apache/maven/apache-maven/%1$s from the local repository (~/.m2/repository) and try \
					again; if that does not help, the repository that it comes from has another archive"""
				.formatted(this.version, actual, this.sha512));
		}
		return content;
	}

	/** Unpacks plain files and directories in the format ustar, which is all that Maven's archive has. */
	private void unpack(byte[] archive) throws IOException {
		try (DataInputStream in = new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(archive)))) {
			byte[] header = new byte[512];
			for (in.readFully(header); header[0] != 0; in.readFully(header)) {
				Path file = this.part.resolve(text(header, 345, 155)).resolve(text(header, 0, 100));
				if (header[156] == '5') {
					Files.createDirectories(file);
					continue;
				}
				int size = Integer.parseInt(text(header, 124, 12), 8);
				Files.createDirectories(file.getParent());
				Files.write(file, in.readNBytes(size));
				file.toFile().setExecutable((Integer.parseInt(text(header, 100, 8), 8) & 0100) != 0, false);
				in.skipNBytes(-size & 511);
			}
		}
	}

	private static String text(byte[] header, int from, int length) {
		return new String(header, from, length, StandardCharsets.UTF_8).split("\0", 2)[0].strip();
	}

	/** Another build may have been faster. */
	private void moveTo(Path target) throws IOException {
		try {
			Files.move(this.part.resolve("apache-maven-" + this.version), target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			if (!Files.isExecutable(target.resolve("bin/mvn"))) {
				throw ex;
			}
		}
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
	}

	private Optional<Document> readSettings() throws Exception {
		Path file = this.settings.resolve("settings.xml");
		return Files.exists(file)
				? Optional.of(DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile()))
				: Optional.empty();
	}

	private static Optional<String> mirror(Document settings) {
		return elements(settings, "mirror").filter((mirror) -> !text(mirror, "blocked").equals("true"))
			.filter((mirror) -> text(mirror, "mirrorOf").matches("(.*,)?\\s*([*]|external:[*]|central)\\s*(,.*)?"))
			.map((mirror) -> text(mirror, "url"))
			.findFirst();
	}

	private static Optional<ProxySelector> proxy(Optional<Document> settings) {
		return settings.stream()
			.flatMap((document) -> elements(document, "proxy"))
			.filter((proxy) -> !text(proxy, "active").equals("false"))
			.map((proxy) -> InetSocketAddress.createUnresolved(text(proxy, "host"), Integer.parseInt(text(proxy, "port"))))
			.findFirst()
			.or(() -> env("https_proxy").or(() -> env("HTTPS_PROXY"))
				.map(URI::create)
				.map((proxy) -> InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort())))
			.map(ProxySelector::of);
	}

	private static Stream<Element> elements(Document settings, String name) {
		NodeList nodes = settings.getElementsByTagName(name);
		return IntStream.range(0, nodes.getLength()).mapToObj((index) -> (Element) nodes.item(index));
	}

	private static String text(Element parent, String name) {
		NodeList nodes = parent.getElementsByTagName(name);
		return (nodes.getLength() > 0) ? nodes.item(0).getTextContent().strip() : "";
	}

	private static Optional<String> env(String name) {
		return Optional.ofNullable(System.getenv(name)).filter((value) -> !value.isBlank());
	}

}
