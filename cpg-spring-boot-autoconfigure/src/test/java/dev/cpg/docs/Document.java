package dev.cpg.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A Markdown document of this repository, as far as its tests need to understand one.
 */
final class Document {

	/** The repository's root. */
	static final Path ROOT = root();

	private static final Pattern MARKER = Pattern.compile("<!-- (snippet|file|run): (\\S+) -->");

	private static final Pattern FENCE = Pattern.compile("```(\\S*)");

	private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)|(?:src|srcset|href)=\"([^\"]+)\"");

	private final Path path;

	private final List<String> lines;

	private Document(Path path, List<String> lines) {
		this.path = path;
		this.lines = lines;
	}

	static Document read(Path path) {
		return new Document(path, lines(path));
	}

	/** The README and all documents in docs/. */
	static List<Document> all() {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream
				.concat(Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve),
						docs.filter((file) -> file.toString().endsWith(".md")).sorted())
				.map(Document::read)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<String> lines(Path path) {
		try {
			return Files.readAllLines(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(path + " cannot be read", ex);
		}
	}

	/** The path from the repository's root. */
	String name() {
		return ROOT.relativize(this.path).toString();
	}

	List<Block> blocks() {
		List<Block> blocks = new ArrayList<>();
		String before = "";
		int start = -1;
		String language = "";
		for (int i = 0; i < this.lines.size(); i++) {
			Matcher fence = FENCE.matcher(this.lines.get(i));
			if (start >= 0 && this.lines.get(i).equals("```")) {
				Matcher marker = MARKER.matcher(before);
				boolean marked = marker.matches();
				blocks.add(new Block(start, language, marked ? marker.group(1) : null, marked ? marker.group(2) : null,
						List.copyOf(this.lines.subList(start, i))));
				start = -1;
			}
			else if (start < 0 && fence.matches()) {
				before = (i > 0) ? this.lines.get(i - 1) : "";
				language = fence.group(1);
				start = i + 1;
			}
		}
		return blocks;
	}

	/** The targets of its links, other than web sites. */
	List<String> links() {
		List<String> links = new ArrayList<>();
		for (String line : prose()) {
			Matcher link = LINK.matcher(line.replaceAll("`[^`]*`", ""));
			while (link.find()) {
				String target = (link.group(1) != null) ? link.group(1) : link.group(2);
				if (!target.matches("[a-z]+:.*")) {
					links.add(target);
				}
			}
		}
		return links;
	}

	/** Returns the problem of a link, {@code null} if there is none. */
	@Nullable String problem(String link) {
		int hash = link.indexOf('#');
		String file = (hash >= 0) ? link.substring(0, hash) : link;
		Path target = file.isEmpty() ? this.path : this.path.resolveSibling(file).normalize();
		if (!Files.exists(target)) {
			return "%s: there is no %s".formatted(name(), link);
		}
		if (hash >= 0 && !read(target).anchors().contains(link.substring(hash + 1))) {
			return "%s: there is no heading for %s".formatted(name(), link);
		}
		return null;
	}

	/** The anchors that GitHub gives its headings. */
	private Set<String> anchors() {
		Set<String> anchors = new HashSet<>();
		Map<String, Integer> times = new HashMap<>();
		for (String line : prose()) {
			Matcher heading = HEADING.matcher(line);
			if (heading.matches()) {
				String anchor = heading.group(1)
					.toLowerCase(Locale.ROOT)
					.replaceAll("[^\\p{L}\\p{N}_ -]", "")
					.replace(' ', '-');
				int seen = times.merge(anchor, 1, Integer::sum);
				anchors.add((seen > 1) ? anchor + "-" + (seen - 1) : anchor);
			}
		}
		return anchors;
	}

	/** The lines outside of code. */
	private List<String> prose() {
		List<String> prose = new ArrayList<>();
		boolean code = false;
		for (String line : this.lines) {
			if (line.startsWith("```")) {
				code = !code;
			}
			else if (!code) {
				prose.add(line);
			}
		}
		return prose;
	}

	/** Replaces the lines of the given blocks. */
	void rewrite(Map<Block, List<String>> changes) {
		List<String> changed = new ArrayList<>(this.lines);
		List<Block> backwards = new ArrayList<>(changes.keySet());
		backwards.sort((a, b) -> b.start() - a.start());
		for (Block block : backwards) {
			List<String> old = changed.subList(block.start(), block.start() + block.lines().size());
			old.clear();
			old.addAll(changes.getOrDefault(block, List.of()));
		}
		write(this.path, changed);
	}

	static void write(Path path, List<String> lines) {
		try {
			Files.write(path, lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path root() {
		Path path = Path.of("").toAbsolutePath();
		while (path != null && !Files.exists(path.resolve("mvnw"))) {
			path = path.getParent();
		}
		if (path == null) {
			throw new IllegalStateException("The tests do not run in a clone of the repository");
		}
		return path;
	}

	/**
	 * A fenced block.
	 *
	 * @param start the number of its first line, from 0
	 * @param language the language of its fence
	 * @param kind the kind that the line before it names: a part of a source
	 * ({@code snippet}), a file to make, a command to run
	 * @param name the name that the line before it has
	 * @param lines its content
	 */
	record Block(int start, String language, @Nullable String kind, @Nullable String name, List<String> lines) {
	}

}
