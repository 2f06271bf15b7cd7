package dev.cpg.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A group's name as people read it. Any program may choose a name of any bytes, so what
 * cannot be seen, or would end a line, is written as an escape, and no two names read the
 * same.
 */
final class ShownName {

	/** What a decoder puts in the place of bytes that it cannot decode. */
	private static final char REPLACEMENT = '\uFFFD';

	private ShownName() {
	}

	static String of(byte[] name) {
		StringBuilder shown = new StringBuilder();
		String text = new String(name, StandardCharsets.UTF_8);
		if (text.indexOf(REPLACEMENT) < 0 && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), name)) {
			text.codePoints().forEach((character) -> append(shown, character));
		}
		else {
			for (byte element : name) {
				append(shown, element);
			}
		}
		return shown.toString();
	}

	private static void append(StringBuilder shown, byte element) {
		if (element >= 0) {
			append(shown, (int) element);
		}
		else {
			shown.append("\\x%02X".formatted(element));
		}
	}

	private static void append(StringBuilder shown, int character) {
		if (character == 0) {
			shown.append("\\0");
		}
		else if (character == '\\') {
			shown.append("\\\\");
		}
		else if (isSeen(character)) {
			shown.appendCodePoint(character);
		}
		else {
			shown.append("\\x{%X}".formatted(character));
		}
	}

	private static boolean isSeen(int character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

}
