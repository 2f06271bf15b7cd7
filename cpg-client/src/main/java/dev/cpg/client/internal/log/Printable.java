package dev.cpg.client.internal.log;

import org.jspecify.annotations.Nullable;

/**
 * Makes texts fit for one line of a log. Names, headers and messages of exceptions may
 * come from another member: with line ends they could forge lines, with terminal codes or
 * a change of direction they could hide text.
 */
public final class Printable {

	/** The longest text, in characters; what is longer is cut. */
	public static final int MAX_LENGTH = 2000;

	private static final char REPLACEMENT = '?';

	private Printable() {
	}

	/**
	 * Returns a value's text with a question mark in the place of each control character,
	 * separator of lines or paragraphs, invisible formatting character and character that
	 * is none, cut to {@link #MAX_LENGTH}.
	 * @param value any; what its {@code toString} throws is kept from the caller
	 */
	public static String of(@Nullable Object value) {
		return of(value, MAX_LENGTH);
	}

	/**
	 * As {@link #of(Object)}, cut to another length.
	 * @param maxLength the length
	 */
	public static String of(@Nullable Object value, int maxLength) {
		String text = text(value);
		boolean cut = text.length() > maxLength;
		String kept = cut ? text.substring(0, maxLength) : text;
		if (kept.codePoints().allMatch(Printable::isPrintable)) {
			return cut ? kept + "..." : kept;
		}
		StringBuilder printable = new StringBuilder(kept.length() + 3);
		kept.codePoints().map((c) -> isPrintable(c) ? c : REPLACEMENT).forEach(printable::appendCodePoint);
		return cut ? printable.append("...").toString() : printable.toString();
	}

	/**
	 * Returns a number and what it counts: {@code 1 member}, {@code 2 members}.
	 * @param count the number
	 * @param noun what it counts, in the singular; its plural has an s
	 */
	public static String count(long count, String noun) {
		return count + " " + noun + ((count == 1) ? "" : "s");
	}

	private static String text(@Nullable Object value) {
		try {
			return String.valueOf(value);
		}
		// It is the application's, or a lack of memory or stack for it.
		catch (Throwable ex) {
			return (value != null) ? value.getClass().getName() + " (its toString failed)" : "null";
		}
	}

	private static boolean isPrintable(int codePoint) {
		return switch (Character.getType(codePoint)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

}
