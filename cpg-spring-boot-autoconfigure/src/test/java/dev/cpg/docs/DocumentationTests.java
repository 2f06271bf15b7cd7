package dev.cpg.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cpg.docs.Document.Block;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the documents with the sources. With {@code -Dcpg.docs.write=true} it changes
 * the documents instead of failing.
 */
class DocumentationTests {

	private static final boolean WRITE = Boolean.getBoolean("cpg.docs.write");

	private static final String ADVICE = "; -Dcpg.docs.write=true puts it there. Expected:\n";

	private static final Set<String> TESTED_LANGUAGES = Set.of("java", "yaml", "xml");

	@Test
	void everySnippetEqualsItsTestedSource() {
		List<String> problems = new ArrayList<>();
		for (Document document : Document.all()) {
			Map<Block, List<String>> changes = new LinkedHashMap<>();
			for (Block block : document.blocks()) {
				if ("snippet".equals(block.kind())) {
					List<String> expected = Snippet.read(Objects.requireNonNull(block.name()));
					if (!expected.equals(block.lines())) {
						changes.put(block, expected);
					}
				}
				else if (block.kind() == null && TESTED_LANGUAGES.contains(block.language())) {
					problems.add("%s:%d: this %s is from no tested source: put <!-- snippet: PATH#TAG --> before it"
						.formatted(document.name(), block.start(), block.language()));
				}
			}
			if (WRITE && !changes.isEmpty()) {
				document.rewrite(changes);
			}
			else {
				changes.forEach((block, expected) -> problems.add("%s:%d is not what %s says%s%s"
					.formatted(document.name(), block.start(), block.name(), ADVICE, String.join("\n", expected))));
			}
		}
		assertThat(problems).isEmpty();
	}

	@Test
	void onlyGettingStartedShowsFilesToMake() {
		assertThat(Document.all()).allSatisfy((document) -> {
			if (!document.name().equals("docs/getting-started.md")) {
				assertThat(document.blocks()).extracting(Block::kind).doesNotContain("file", "run");
			}
		});
	}

	@Test
	void everyLinkHasATarget() {
		assertThat(Document.all())
			.flatExtracting(
					(document) -> document.links().stream().map(document::problem).filter(Objects::nonNull).toList())
			.isEmpty();
	}

	@Test
	void everyDocumentIsLinkedFromTheReadme() {
		List<String> links = Document.read(Document.ROOT.resolve("README.md")).links();
		assertThat(Document.all()).extracting(Document::name)
			.filteredOn((name) -> name.startsWith("docs/"))
			.allSatisfy(
					(name) -> assertThat(links).anyMatch((link) -> link.equals(name) || link.startsWith(name + "#")));
	}

	@Test
	void theConfigurationEqualsTheMetadata() {
		Path path = Document.ROOT.resolve("docs/configuration.md");
		List<String> expected = ConfigurationDocument.lines();
		if (WRITE) {
			Document.write(path, expected);
		}
		assertThat(Files.exists(path) ? Document.lines(path) : List.of())
			.withFailMessage("docs/configuration.md is not what the metadata says%s%s", ADVICE,
					String.join("\n", expected))
			.isEqualTo(expected);
	}

	@Test
	void theVersionsEqualThoseOfTheBuild() {
		String build = String.join("\n", Document.lines(Document.ROOT.resolve("pom.xml")));
		String version = between(build, "<artifactId>cpg-parent</artifactId>\n\t<version>", "<");
		String boot = between(build, "<spring-boot.version>", "<");
		for (String name : List.of("README.md", "docs/getting-started.md")) {
			String text = withoutBlanks(name);
			assertThat(text).as(name)
				.contains("<artifactId>cpg-spring-boot-starter</artifactId><version>" + version + "</version>");
			assertThat(text.split("<artifactId>spring-boot-(dependencies|maven-plugin)</artifactId><version>", -1))
				.as(name)
				.satisfies((parts) -> assertThat(List.of(parts).subList(1, parts.length))
					.allMatch((part) -> part.startsWith(boot + "</version>")));
		}
		assertThat(withoutBlanks("docs/testing.md"))
			.contains("<artifactId>cpg-spring-boot-starter-test</artifactId><version>" + version + "</version>");
	}

	private static String withoutBlanks(String name) {
		return String.join("\n", Document.lines(Document.ROOT.resolve(name))).replaceAll("\\s+", "");
	}

	private static String between(String text, String before, String after) {
		int start = text.indexOf(before) + before.length();
		return text.substring(start, text.indexOf(after, start));
	}

}
