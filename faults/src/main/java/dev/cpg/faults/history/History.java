package dev.cpg.faults.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The lines of one process.
 *
 * @param name the name of the process, which is that of the file
 * @param entries the lines in the order in which they were written; those of different
 * threads may be out of the order of time
 */
public record History(String name, List<Entry> entries) {

	/** What the names of the files end with. */
	public static final String SUFFIX = ".history";

	/** The name of the history of those faults that were made. */
	public static final String INJECTOR = "injector";

	/**
	 * Reads the histories of a directory, in the order of their names.
	 * @param directory the directory
	 * @throws IOException if one cannot be read
	 * @throws IllegalArgumentException if one is malformed, with its name and line
	 */
	public static List<History> readAll(Path directory) throws IOException {
		Map<String, History> histories = new TreeMap<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				if (file.toString().endsWith(SUFFIX)) {
					History history = read(file);
					histories.put(history.name(), history);
				}
			}
		}
		return List.copyOf(histories.values());
	}

	/**
	 * Reads a history. A last line without an end is left out: its process was killed
	 * when it wrote it.
	 * @param file the file
	 * @throws IOException if it cannot be read
	 * @throws IllegalArgumentException if it is malformed, with its name and line
	 */
	public static History read(Path file) throws IOException {
		String name = file.getFileName().toString();
		String text = Files.readString(file, StandardCharsets.UTF_8);
		List<Entry> entries = new ArrayList<>();
		int begin = 0;
		for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
			String line = text.substring(begin, end);
			try {
				entries.add(Entry.read(line, entries.size() + 1));
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("%s, line %d: %s: \"%s\"".formatted(file, entries.size() + 1,
						ex.getMessage(), line.substring(0, Math.min(line.length(), 200))), ex);
			}
			begin = end + 1;
		}
		return new History(name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name, entries);
	}

}
