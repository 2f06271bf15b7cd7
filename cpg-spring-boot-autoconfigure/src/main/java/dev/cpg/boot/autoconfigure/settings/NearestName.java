package dev.cpg.boot.autoconfigure.settings;

import java.util.Collection;
import java.util.Comparator;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Suggests the known name that is the most similar to a mistyped one.
 */
final class NearestName {

	private NearestName() {
	}

	/** Returns the one of several names that is the most similar to another. */
	static ConfigurationPropertyName to(ConfigurationPropertyName name, Collection<ConfigurationPropertyName> names) {
		String text = SourceProperty.uniform(name);
		return names.stream()
			.min(Comparator
				.<ConfigurationPropertyName>comparingInt(
						(candidate) -> distance(text, SourceProperty.uniform(candidate)))
				.thenComparing((candidate) -> !candidate.isAncestorOf(name)))
			.orElseThrow();
	}

	/** The right name in a wrong section counts like two wrong letters. */
	private static int distance(String text, String candidate) {
		int edits = edits(text, candidate);
		int ofLast = edits(last(text), last(candidate));
		return (ofLast <= 1) ? Math.min(edits, ofLast + 2) : edits;
	}

	private static String last(String text) {
		return text.substring(text.lastIndexOf('.') + 1);
	}

	/** Levenshtein's distance: how many letters to insert, delete or replace. */
	private static int edits(String from, String to) {
		int[] row = new int[to.length() + 1];
		for (int j = 0; j <= to.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= from.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = diagonal + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, 1 + Math.min(diagonal, row[j - 1]));
			}
		}
		return row[to.length()];
	}

}
