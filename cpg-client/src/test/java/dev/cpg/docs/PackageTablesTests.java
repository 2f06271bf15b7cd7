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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of packages in docs/design.md are the first sentences of the classes'
 * Javadoc; {@code -Dcpg.docs.write=true} writes them.
 */
class PackageTablesTests {

	private static final Path DOCUMENT = Path.of("../docs/design.md");

	private static final Path SOURCES = Path.of("src/main/java/dev/cpg/client");

	private static final String BEGIN = "<!-- packages of the client -->\n";

	private static final String END = "<!-- end of packages -->\n";

	/** From the API down to what all others use. */
	private static final List<String> PACKAGES = List.of("", "corosync", "internal/cpg", "internal/cpg/send",
			"internal/cpg/delivery", "internal/cpg/membership", "internal/cpg/outcome", "internal/cpg/protocol",
			"internal/cmap", "internal/ipc", "internal/ipc/setup", "internal/ipc/transport", "internal/ipc/memory",
			"internal/ipc/daemon", "internal/concurrent", "internal/log");

	private static final Pattern JAVADOC = Pattern.compile(
			"/\\*\\*(?<text>(?:[^*]|\\*(?!/))*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s+)*(?:package|(?:(?:public|final|abstract|sealed|non-sealed)\\s+)*(?:class|interface|record|enum)) ");

	@Test
	void theTablesInDesignMdSayWhatEachClassIs() throws IOException {
		String document = Files.readString(DOCUMENT);
		int begin = document.indexOf(BEGIN) + BEGIN.length();
		int end = document.indexOf(END);
		assertThat(end).as("the place of the tables").isGreaterThanOrEqualTo(begin);
		String tables = PACKAGES.stream().map(PackageTablesTests::table).collect(Collectors.joining("\n"));
		if (Boolean.getBoolean("cpg.docs.write")) {
			Files.writeString(DOCUMENT, document.substring(0, begin) + tables + document.substring(end));
		}
		else {
			assertThat(document.substring(begin, end)).isEqualTo(tables);
		}
	}

	@Test
	void noPackageIsMissing() throws IOException {
		try (Stream<Path> files = Files.walk(SOURCES)) {
			assertThat(files.filter((file) -> file.endsWith("package-info.java"))
				.map((file) -> SOURCES.relativize(file.getParent()).toString()))
				.containsExactlyInAnyOrderElementsOf(PACKAGES);
		}
	}

	private static String table(String name) {
		Path directory = SOURCES.resolve(name);
		try (Stream<Path> files = Files.list(directory)) {
			String rows = files.filter((file) -> file.toString().endsWith(".java"))
				.filter((file) -> !file.endsWith("package-info.java"))
				.sorted()
				.map(PackageTablesTests::row)
				.collect(Collectors.joining());
			return "#### `dev.cpg.client%s`\n\n%s\n\n| class | what it is |\n| --- | --- |\n%s".formatted(
					name.isEmpty() ? "" : "." + name.replace('/', '.'),
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
				.replaceAll("</?em>", "*");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
