package dev.cpg.boot.autoconfigure.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Recognizes names that are a mistake: those with an unresolved placeholder, an invisible
 * character, a blank at an end, or quotes around them.
 */
public final class TextMistakes {

	/**
	 * The placeholders of Spring, its expressions, Kubernetes, shells, Helm, Maven,
	 * Windows and manuals.
	 */
	private static final Pattern PLACEHOLDER = Pattern.compile(
			"[$#%]\\{.*|\\$[(\\[].*|\\$[A-Za-z_]\\w*|\\{\\{.*|<%.*|" + "@[^@\\s]+@|%[^%\\s]+%|^<.*>$", Pattern.DOTALL);

	private static final String QUOTES = "\"'`\u201C\u201D\u201E\u2018\u2019\u00AB\u00BB";

	private TextMistakes() {
	}

	/**
	 * Returns what is wrong with a text and what to do about it, {@code null} if nothing
	 * is.
	 * @param text the text
	 */
	public static @Nullable String find(String text) {
		Matcher placeholder = PLACEHOLDER.matcher(text);
		if (placeholder.find()) {
			return "'%s' looks like a placeholder that was not replaced: set what it names, or write the value itself."
				.formatted(placeholder.group());
		}
		for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
			int character = text.codePointAt(i);
			boolean end = i == 0 || i == text.length() - 1;
			if (!isPlain(character) || (character == ' ' && end)) {
				return "It contains the character U+%04X (%s) at index %d, which is likely a mistake. Remove it."
					.formatted(character, Character.getName(character), i);
			}
		}
		if (text.length() > 1 && isQuote(text.charAt(0)) && isQuote(text.charAt(text.length() - 1))) {
			return "The quotes around it are part of it: remove them.";
		}
		return null;
	}

	private static boolean isQuote(char character) {
		return QUOTES.indexOf(character) != -1;
	}

	private static boolean isPlain(int character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
				false;
			case Character.SPACE_SEPARATOR -> character == ' ';
			default -> true;
		};
	}

}
