package dev.cpg.faults.history;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One line of a history. Its fields are looked for in its text when they are asked for,
 * so that hundreds of thousands of lines fit into memory.
 */
public final class Entry {

	private final long time;

	private final Kind kind;

	/** The fields, each with a blank before it. */
	private final String fields;

	private final int line;

	private Entry(long time, Kind kind, String fields, int line) {
		this.time = time;
		this.kind = kind;
		this.fields = fields;
		this.line = line;
	}

	/**
	 * Reads a line.
	 * @param text the line
	 * @param line its number in its file
	 * @throws IllegalArgumentException if it is malformed
	 */
	public static Entry read(String text, int line) {
		int afterTime = text.indexOf(' ');
		if (afterTime < 0) {
			throw new IllegalArgumentException("There is no kind");
		}
		long time = Long.parseLong(text, 0, afterTime, 10);
		int end = text.indexOf(' ', afterTime + 1);
		int afterKind = (end < 0) ? text.length() : end;
		Kind kind = Kind.of(text.substring(afterTime + 1, afterKind));
		if (kind == null) {
			throw new IllegalArgumentException("There is no such kind");
		}
		Entry entry = new Entry(time, kind, text.substring(afterKind), line);
		for (String field : kind.fields()) {
			entry.text(field);
		}
		return entry;
	}

	/**
	 * Returns when it happened, or began to, in nanoseconds of the machine's monotonic
	 * clock.
	 */
	public long time() {
		return this.time;
	}

	/**
	 * Returns what it is.
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Returns the number of the line in its file.
	 */
	public int line() {
		return this.line;
	}

	/**
	 * Returns the value of a field, {@code null} if there is no such field.
	 * @param field the name of the field
	 */
	public @Nullable String find(String field) {
		int length = field.length();
		for (int at = 0; at >= 0; at = this.fields.indexOf(' ', at + 1)) {
			int equals = at + 1 + length;
			if (equals < this.fields.length() && this.fields.charAt(equals) == '='
					&& this.fields.startsWith(field, at + 1)) {
				int end = this.fields.indexOf(' ', equals);
				return this.fields.substring(equals + 1, (end < 0) ? this.fields.length() : end);
			}
		}
		return null;
	}

	/**
	 * Returns the value of a field.
	 * @param field the name of the field
	 * @throws IllegalArgumentException if there is no such field
	 */
	public String text(String field) {
		String text = find(field);
		if (text == null) {
			throw new IllegalArgumentException("There is no field '" + field + "' in line " + this.line + ": " + this);
		}
		return text;
	}

	/**
	 * Returns the value of a field as a number.
	 * @param field the name of the field
	 * @throws IllegalArgumentException if there is no such field, or it is no number
	 */
	public long number(String field) {
		return Long.parseLong(text(field));
	}

	/**
	 * Returns the values of a field, none if there is no such field.
	 * @param field the name of the field
	 */
	public List<String> list(String field) {
		String text = find(field);
		return (text == null || text.isEmpty()) ? List.of() : List.of(text.split(","));
	}

	/**
	 * Returns whether a field has a value.
	 * @param field the name of the field
	 * @param value the value
	 */
	public boolean is(String field, String value) {
		return value.equals(find(field));
	}

	/**
	 * Returns the line.
	 */
	@Override
	public String toString() {
		return this.time + " " + this.kind + this.fields;
	}

}
