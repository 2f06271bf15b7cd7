package dev.cpg.client.internal.ipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The IPC layer serves every service of the daemon alike, so it knows none: neither its
 * code, its comments nor its texts name one.
 */
class IpcNamesNoServiceTests {

	private static final Path SOURCES = Path.of("src/main/java/dev/cpg/client/internal/ipc");

	private static final Pattern SERVICE = Pattern.compile("\\bcpg|cmap|quorum|multicast|\\bgroups?\\b",
			Pattern.CASE_INSENSITIVE);

	/**
	 * The project is called after a service, and so are its packages, log and threads.
	 */
	private static final Pattern PROJECT = Pattern.compile("\\bdev\\.cpg\\.client\\b|\\bCpgLog\\b|\"cpg-[a-z]+\"");

	@Test
	void noLineOfItsSourcesNamesAService() throws IOException {
		List<String> lines = new ArrayList<>();
		try (Stream<Path> files = Files.walk(SOURCES)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				int number = 0;
				for (String line : Files.readAllLines(file)) {
					number++;
					if (SERVICE.matcher(PROJECT.matcher(line).replaceAll("")).find()) {
						lines.add(SOURCES.relativize(file) + ":" + number + ": " + line.strip());
					}
				}
			}
		}
		assertThat(Files.isDirectory(SOURCES)).isTrue();
		assertThat(lines).isEmpty();
	}

}
