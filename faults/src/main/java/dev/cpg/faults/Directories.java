package dev.cpg.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directories of histories.
 */
final class Directories {

	private Directories() {
	}

	/** Makes an empty directory; nothing of an earlier run stays. */
	static void empty(Path directory) throws IOException {
		delete(directory);
		Files.createDirectories(directory);
	}

	/** Deletes a directory with all that is in it, if it is there. */
	static void delete(Path directory) throws IOException {
		if (Files.exists(directory)) {
			List<Path> deepestFirst;
			try (Stream<Path> files = Files.walk(directory)) {
				deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
			}
			for (Path file : deepestFirst) {
				Files.delete(file);
			}
		}
	}

}
