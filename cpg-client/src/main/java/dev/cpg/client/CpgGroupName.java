package dev.cpg.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The name of a group: 1 to 128 bytes. To corosync a name is its bytes and their number,
 * so {@code "grp"} and {@code "grp\0"} are two groups. Programs such as Pacemaker and
 * pmxcfs count the C string's end; {@link #ofTerminated(String)} gives the names of their
 * groups.
 */
public final class CpgGroupName {

	/** The longest name that corosync takes, in bytes. */
	public static final int MAX_LENGTH = 128;

	/** What a decoder puts in the place of bytes that it cannot decode. */
	private static final char REPLACEMENT = '\uFFFD';

	private final byte[] bytes;

	private final String text;

	/** Computed once, as it is used with every message. */
	private final String shown;

	private CpgGroupName(byte[] bytes) {
		if (bytes.length == 0) {
			throw new IllegalArgumentException("A group name must not be empty");
		}
		if (bytes.length > MAX_LENGTH) {
			throw new IllegalArgumentException("A group name has at most %d bytes of UTF-8, but '%s' has %d"
				.formatted(MAX_LENGTH, new String(bytes, StandardCharsets.UTF_8), bytes.length));
		}
		this.bytes = bytes;
		int length = bytes.length;
		this.text = new String(bytes, 0, (bytes[length - 1] == 0) ? length - 1 : length, StandardCharsets.UTF_8);
		this.shown = ShownName.of(bytes);
	}

	/**
	 * Returns the name with the text's UTF-8 bytes.
	 * @param name the text, 1 to 128 bytes in UTF-8
	 * @throws IllegalArgumentException if it is empty or too long, or contains U+FFFD,
	 * which stands for what was lost in decoding: different names would become one group
	 */
	public static CpgGroupName of(String name) {
		if (name.indexOf(REPLACEMENT) >= 0) {
			throw new IllegalArgumentException(("The group name '%s' was not decoded right, as it contains U+FFFD; "
					+ "an argument or environment variable that is not ASCII needs a UTF-8 locale, such as LC_ALL=C.UTF-8")
				.formatted(name));
		}
		return new CpgGroupName(name.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Returns the name with the text's UTF-8 bytes and a NUL behind them that counts as
	 * part of the name.
	 * @param name the text, 1 to 127 bytes in UTF-8
	 * @throws IllegalArgumentException if it is empty or too long
	 */
	public static CpgGroupName ofTerminated(String name) {
		if (name.isEmpty()) {
			throw new IllegalArgumentException("A group name must not be empty");
		}
		return of(name + '\0');
	}

	/**
	 * Returns the name with these bytes.
	 * @param bytes the name, 1 to 128 bytes, copied
	 * @throws IllegalArgumentException if there are none or too many
	 */
	public static CpgGroupName of(byte[] bytes) {
		return new CpgGroupName(bytes.clone());
	}

	/**
	 * Returns the name's bytes, in a new array.
	 */
	public byte[] toBytes() {
		return this.bytes.clone();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof CpgGroupName name && Arrays.equals(this.bytes, name.bytes));
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	/**
	 * Returns the name as text, without a NUL at its end: what was given to {@link #of}
	 * or {@link #ofTerminated}. Different names may have the same text.
	 */
	public String text() {
		return this.text;
	}

	/**
	 * The name as it is shown to people. Different names are shown differently: a NUL is
	 * shown as {@code \0}, a backslash as two, other characters that cannot be seen as
	 * {@code \x{2028}}, and bytes that are no UTF-8 as {@code \xFF}.
	 */
	@Override
	public String toString() {
		return this.shown;
	}

}
