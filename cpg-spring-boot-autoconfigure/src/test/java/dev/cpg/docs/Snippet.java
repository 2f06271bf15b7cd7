package dev.cpg.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A part of a source, between the comments {@code snippet:TAG} and {@code end:TAG}.
 */
final class Snippet {

	private static final Pattern COMMENT = Pattern.compile("\\s*(//|#|<!--) (snippet|end):[\\w-]+( -->)?");

	private Snippet() {
	}

	/**
	 * Returns the lines of a snippet, without the indentation that they share and with
	 * four blanks for each tab.
	 * @param reference its place, {@code PATH#TAG} with a path from the repository's root
	 */
	static List<String> read(String reference) {
		int hash = reference.indexOf('#');
		Path path = Document.ROOT.resolve((hash >= 0) ? reference.substring(0, hash) : reference);
		if (hash < 0 || !Files.isRegularFile(path)) {
			throw new IllegalArgumentException("There is no " + reference);
		}
		String tag = reference.substring(hash + 1);
		List<String> snippet = new ArrayList<>();
		boolean inside = false;
		boolean found = false;
		for (String line : Document.lines(path)) {
			if (is(line, "snippet:" + tag)) {
				inside = true;
				found = true;
			}
			else if (is(line, "end:" + tag)) {
				inside = false;
			}
			else if (inside && !COMMENT.matcher(line).matches()) {
				snippet.add(line.replace("\t", "    "));
			}
		}
		if (!found || inside) {
			throw new IllegalArgumentException("There is no begin or no end of " + reference);
		}
		return stripIndent(snippet);
	}

	private static boolean is(String line, String comment) {
		return COMMENT.matcher(line).matches() && line.strip().split(" ", -1)[1].equals(comment);
	}

	private static List<String> stripIndent(List<String> lines) {
		int indent = lines.stream()
			.filter((line) -> !line.isBlank())
			.mapToInt((line) -> line.length() - line.stripLeading().length())
			.min()
			.orElse(0);
		return lines.stream()
			.map((line) -> line.isBlank() ? "" : line.substring(indent).replaceAll("\\s+$", ""))
			.toList();
	}

}
