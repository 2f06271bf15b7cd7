package dev.cpg.faults.history;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Writes the history of a process. Each line is handed to the kernel before the call
 * returns, by one write, so a process that is killed loses nothing and leaves at most its
 * last line cut. Any thread may write; interrupts do no harm.
 */
public final class HistoryWriter implements AutoCloseable {

	private final OutputStream out;

	private HistoryWriter(OutputStream out) {
		this.out = out;
	}

	/**
	 * Creates the file, or goes on with it.
	 * @param file the file
	 * @throws UncheckedIOException if it cannot be opened
	 */
	public static HistoryWriter open(Path file) {
		try {
			return new HistoryWriter(new FileOutputStream(file.toFile(), true));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Writes what happens now.
	 * @param kind the text of a {@link Kind}
	 * @param keysAndValues the fields, each a name and a value
	 * @see #writeAt
	 */
	public void write(String kind, Object... keysAndValues) {
		writeAt(System.nanoTime(), kind, keysAndValues);
	}

	/**
	 * Writes what happened at a time.
	 * @param nanoTime the time, of {@link System#nanoTime()}
	 * @param kind the text of a {@link Kind}
	 * @param keysAndValues the fields, each a name and a value; the elements of a
	 * collection get commas between them, blanks become underscores
	 * @throws IllegalArgumentException if there is no such kind, or a field is missing
	 * @throws UncheckedIOException if it cannot be written
	 */
	public void writeAt(long nanoTime, String kind, Object... keysAndValues) {
		StringBuilder line = new StringBuilder(120).append(nanoTime).append(' ').append(kind);
		for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
			line.append(' ').append(keysAndValues[i]).append('=').append(value(keysAndValues[i + 1]));
		}
		String text = line.toString();
		Entry.read(text, 0);
		byte[] bytes = (text + '\n').getBytes(StandardCharsets.UTF_8);
		try {
			synchronized (this.out) {
				this.out.write(bytes);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String value(Object value) {
		String text = (value instanceof Collection<?> elements)
				? elements.stream().map(String::valueOf).collect(Collectors.joining(",")) : String.valueOf(value);
		return text.replaceAll("\\s", "_");
	}

	@Override
	public void close() {
		try {
			this.out.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
