package dev.cpg.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Documents that name tests: each of them exists.
 */
class NamedTestsTests {

	private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Tests|Behaviour))(?:\\.(\\w+))?`");

	@ParameterizedTest
	@ValueSource(strings = { "docs/limits.md", "docs/libcpg.md" })
	void everyTestThatADocumentNamesExists(String document) throws IOException {
		Map<String, String> sources = sources();
		Matcher named = NAMED.matcher(Files.readString(Document.ROOT.resolve(document)));
		List<MatchResult> tests = named.results().toList();
		assertThat(tests).isNotEmpty().allSatisfy((test) -> {
			assertThat(sources).containsKey(test.group(1));
			if (test.group(2) != null) {
				assertThat(sources.get(test.group(1))).contains("void " + test.group(2) + "(");
			}
		});
	}

	private static Map<String, String> sources() throws IOException {
		try (Stream<Path> modules = Files.list(Document.ROOT)) {
			return modules.map((module) -> module.resolve("src/test/java"))
				.filter(Files::isDirectory)
				.flatMap(NamedTestsTests::tests)
				.collect(Collectors.toMap((file) -> file.getFileName().toString().replace(".java", ""),
						(file) -> String.join("\n", Document.lines(file)), (one, two) -> one));
		}
	}

	private static Stream<Path> tests(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().matches(".*(Tests|Behaviour)\\.java")).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
