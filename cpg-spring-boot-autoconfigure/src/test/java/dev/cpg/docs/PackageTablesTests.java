package dev.cpg.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of packages in docs/design.md are the first sentences of the classes'
 * Javadoc; {@code -Dcpg.docs.write=true} writes them.
 */
class PackageTablesTests {

	private static final Path DOCUMENT = Document.ROOT.resolve("docs/design.md");

	private static final String END = "<!-- end of packages -->\n";

	private static final Pattern JAVADOC = Pattern.compile(
			"/\\*\\*(?<text>(?:[^*]|\\*(?!/))*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s+)*(?:package|(?:(?:public|final|abstract|sealed|non-sealed)\\s+)*(?:class|@?interface|record|enum)) ");

	@ParameterizedTest
	@MethodSource("layers")
	void theTablesInDesignMdSayWhatEachClassIs(Layer layer) throws IOException {
		String document = Files.readString(DOCUMENT);
		int begin = document.indexOf(layer.begin()) + layer.begin().length();
		int end = document.indexOf(END, begin);
		assertThat(begin).as("the place of the tables").isGreaterThan(layer.begin().length());
		assertThat(end).as("the end of the tables").isNotEqualTo(-1);
		String tables = layer.packages()
			.stream()
			.map((name) -> table(name, layer.directory(name)))
			.collect(Collectors.joining("\n"));
		if (Boolean.getBoolean("cpg.docs.write")) {
			Files.writeString(DOCUMENT, document.substring(0, begin) + tables + document.substring(end));
		}
		else {
			assertThat(document.substring(begin, end)).isEqualTo(tables);
		}
	}

	@ParameterizedTest
	@MethodSource("layers")
	void noPackageIsMissing(Layer layer) throws IOException {
		try (Stream<Path> files = Files.walk(layer.sources())) {
			assertThat(files.filter((file) -> file.endsWith("package-info.java"))
				.map((file) -> layer.sources().relativize(file.getParent()).toString().replace('/', '.')))
				.containsExactlyInAnyOrderElementsOf(layer.packages());
		}
	}

	private static String table(String name, Path directory) {
		try (Stream<Path> files = Files.list(directory)) {
			String rows = files.filter((file) -> file.toString().endsWith(".java"))
				.filter((file) -> !file.endsWith("package-info.java"))
				.sorted()
				.map(PackageTablesTests::row)
				.collect(Collectors.joining());
			return "#### `%s`\n\n%s\n\n| class | what it is |\n| --- | --- |\n%s".formatted(name,
					sentence(directory.resolve("package-info.java")), rows);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String row(Path file) {
		return "| `%s` | %s |\n".formatted(file.getFileName().toString().replace(".java", ""), sentence(file));
	}

	/** Returns the first sentence of the Javadoc of what a file declares. */
	private static String sentence(Path file) {
		try {
			Matcher javadoc = JAVADOC.matcher(Files.readString(file));
			assertThat(javadoc.find()).as("Javadoc in " + file).isTrue();
			String text = javadoc.group("text").replaceAll("\\n\\s*\\*", "\n").replaceAll("\\s+", " ").strip();
			return text.split("(?<=[.:]) (?=[A-Z<@{])|(?<=\\.)$| ?<p>| ?<ul>", 2)[0]
				.replaceAll("\\{@(?:code|link|linkplain) #?([^ }]+)(?: ([^}]+))?}", "`$1`")
				.replaceAll("</?em>", "*")
				.replaceAll(":$", ".");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** From the API down to what all others use. */
	static Stream<Layer> layers() {
		return Stream.of(new Layer("the Spring layer", "cpg-spring-boot-autoconfigure",
				List.of("dev.cpg.boot.autoconfigure.diagnostics", "dev.cpg.boot.autoconfigure.embedded",
						"dev.cpg.boot.autoconfigure", "dev.cpg.boot.autoconfigure.health",
						"dev.cpg.boot.autoconfigure.endpoint", "dev.cpg.boot.autoconfigure.metrics",
						"dev.cpg.boot.autoconfigure.leadership", "dev.cpg.boot.autoconfigure.messages",
						"dev.cpg.boot.autoconfigure.settings", "dev.cpg.spring", "dev.cpg.spring.event",
						"dev.cpg.spring.leadership", "dev.cpg.spring.leadership.integration",
						"dev.cpg.spring.leadership.election", "dev.cpg.spring.message", "dev.cpg.spring.observation")),
				new Layer("the client", "cpg-client",
						List.of("dev.cpg.client", "dev.cpg.client.corosync", "dev.cpg.client.internal.cpg",
								"dev.cpg.client.internal.cpg.send", "dev.cpg.client.internal.cpg.delivery",
								"dev.cpg.client.internal.cpg.batch", "dev.cpg.client.internal.cpg.membership",
								"dev.cpg.client.internal.cpg.outcome", "dev.cpg.client.internal.cpg.protocol",
								"dev.cpg.client.internal.cmap", "dev.cpg.client.internal.quorum",
								"dev.cpg.client.internal.ipc", "dev.cpg.client.internal.ipc.setup",
								"dev.cpg.client.internal.ipc.transport", "dev.cpg.client.internal.ipc.memory",
								"dev.cpg.client.internal.ipc.daemon", "dev.cpg.client.internal.concurrent",
								"dev.cpg.client.internal.log")));
	}

	/** A module whose packages have tables. */
	record Layer(String title, String module, List<String> packages) {

		String begin() {
			return "<!-- packages of %s -->\n".formatted(this.title);
		}

		Path sources() {
			return Document.ROOT.resolve(this.module).resolve("src/main/java");
		}

		Path directory(String name) {
			return sources().resolve(name.replace('.', '/'));
		}

	}

}
