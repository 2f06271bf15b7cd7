package dev.cpg.spring.leadership.election;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A file that keeps the highest token of each role, so that a restart of all members
 * forgets none: a line for each role, with the token and the role's name as in a URL, and
 * a line with a checksum.
 * <p>
 * It is replaced as a whole: whatever happens while it is written, the former file or the
 * new one is there. It is for one thread at a time, and for one process: two members of a
 * node need two files.
 */
public final class StateFile {

	private static final String HEAD = "cpg-leader-tokens 1";

	private static final String CHECKSUM = "checksum ";

	private static final int MAX_SIZE = 1 << 20;

	private final Path path;

	private final Map<String, Long> tokens = new TreeMap<>();

	/**
	 * Reads a file. One that is not there has no tokens.
	 * @param path the file, whose directory has to be there
	 * @throws IOException if it cannot be read, or is damaged
	 */
	public StateFile(Path path) throws IOException {
		this.path = path.toAbsolutePath();
		try {
			if (Files.size(this.path) > MAX_SIZE) {
				throw damaged("it is larger than such a file can be");
			}
			read(Files.readString(this.path));
		}
		catch (NoSuchFileException ex) {
			if (!Files.isDirectory(directory())) {
				throw new IOException("There is no directory " + directory() + " for the file with the tokens", ex);
			}
		}
		catch (CharacterCodingException ex) {
			throw damaged("it is no text");
		}
	}

	private Path directory() {
		Path parent = this.path.getParent();
		return (parent != null) ? parent : this.path;
	}

	private void read(String text) throws IOException {
		int end = text.lastIndexOf(CHECKSUM);
		if (!text.startsWith(HEAD + "\n") || end < 0 || !text.substring(end).equals(checksum(text.substring(0, end)))) {
			throw damaged("its checksum is wrong");
		}
		for (String line : text.substring(HEAD.length() + 1, end).lines().toList()) {
			int space = line.indexOf(' ');
			this.tokens.put(URLDecoder.decode(line.substring(space + 1), StandardCharsets.UTF_8),
					Long.parseLong(line.substring(0, space)));
		}
	}

	private IOException damaged(String why) {
		return new IOException("The file with the tokens, %s, is damaged: %s. Remove it to begin without its tokens; "
			.formatted(this.path, why) + "then the clocks and the other members see to it that tokens grow");
	}

	/**
	 * Returns the highest token of each role.
	 */
	public Map<String, Long> tokens() {
		return Map.copyOf(this.tokens);
	}

	/**
	 * Keeps a token. It is on the disk when this returns.
	 * @param role the name of the role
	 * @param token its highest token
	 * @throws IOException if it could not be written; the former file is there then
	 */
	public void write(String role, long token) throws IOException {
		this.tokens.put(role, token);
		StringBuilder text = new StringBuilder(HEAD + "\n");
		this.tokens.forEach((name, highest) -> text.append(highest)
			.append(' ')
			.append(URLEncoder.encode(name, StandardCharsets.UTF_8))
			.append('\n'));
		text.append(checksum(text.toString()));
		Path next = this.path.resolveSibling(this.path.getFileName() + ".new");
		try (FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
			while (bytes.hasRemaining()) {
				channel.write(bytes);
			}
			channel.force(true);
		}
		Files.move(next, this.path, StandardCopyOption.ATOMIC_MOVE);
		try (FileChannel directory = FileChannel.open(directory())) {
			directory.force(true);
		}
	}

	private static String checksum(String text) {
		CRC32C checksum = new CRC32C();
		checksum.update(text.getBytes(StandardCharsets.UTF_8));
		return CHECKSUM + Long.toHexString(checksum.getValue()) + "\n";
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
