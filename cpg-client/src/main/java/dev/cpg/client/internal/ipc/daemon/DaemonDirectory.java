package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;

/**
 * A directory in which the daemon makes files for its clients: {@code /dev/shm}, or that
 * of its file sockets. Whoever answers at the daemon's address chooses their names. No
 * such name reaches anything outside of this directory, whatever links there are:
 * <ul>
 * <li>A name leads to an entry of the directory, or of a directory in it, as libqb's do.
 * <li>Each step is opened relative to the one before it, and follows no link.
 * <li>Each entry is what it should be, belongs to the daemon or to this process's user,
 * and a file has no other name: it could be another program's.
 * </ul>
 */
public final class DaemonDirectory {

	private static final int MAX_DEPTH = 2;

	/** Linux has 255, of which the names of a ring's files need some. */
	private static final int MAX_NAME = 240;

	private static final int SHOWN = 100;

	private final Path path;

	private final LongPredicate owners;

	/**
	 * Creates one.
	 * @param path its path; links that lead there are the system's own
	 * @param owners whether a uid is one that the files may belong to
	 */
	public DaemonDirectory(Path path, LongPredicate owners) {
		this.path = path;
		this.owners = owners;
	}

	/**
	 * Returns where a name leads.
	 * @param name an absolute path, or one that starts in this directory
	 * @throws IOException if that is not in this directory
	 */
	public Path resolve(String name) throws IOException {
		if (!name.chars().allMatch((c) -> c > ' ' && c <= '~')) {
			throw new IOException("a name that it offers has other characters than those of libqb");
		}
		Path file = this.path.resolve(name);
		if (!isBelow(file)) {
			throw new IOException("it offers '%s', which is not a file in %s"
				.formatted((name.length() <= SHOWN) ? name : name.substring(0, SHOWN) + "...", this.path));
		}
		return file;
	}

	/** Element by element, so that none can lead back out. */
	private boolean isBelow(Path file) {
		int start = this.path.getNameCount();
		int depth = file.getNameCount() - start;
		if (!file.startsWith(this.path) || depth < 1 || depth > MAX_DEPTH) {
			return false;
		}
		for (Path element : file.subpath(start, file.getNameCount())) {
			String name = element.toString();
			if (name.equals(".") || name.equals("..") || name.length() > MAX_NAME) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Finds what is there, to be opened or removed later.
	 * @param file where, as {@link #resolve} returned it or beside that
	 * @throws IOException if it is not there, or not what it should be
	 */
	public DaemonFile find(Path file, DaemonFile.Kind kind) throws IOException {
		try (SecureDirectoryStream<Path> parent = openParent(file)) {
			return new DaemonFile(this, file, kind, identify(parent, file, kind));
		}
	}

	/** Adds the directory of a file, if it has one of its own. */
	public void addDirectoryOf(DaemonFile file, List<DaemonFile> files) throws IOException {
		Path directory = Objects.requireNonNull(file.path().getParent());
		if (!directory.equals(this.path)) {
			files.add(find(directory, DaemonFile.Kind.DIRECTORY));
		}
	}

	SecureDirectoryStream<Path> openParent(Path file) throws IOException {
		SecureDirectoryStream<Path> top = openTop();
		Path parent = Objects.requireNonNull(file.getParent());
		if (this.path.equals(parent)) {
			return top;
		}
		try (top) {
			identify(top, parent, DaemonFile.Kind.DIRECTORY);
			return top.newDirectoryStream(parent.getFileName(), LinkOption.NOFOLLOW_LINKS);
		}
	}

	/** The caller closes it. */
	@SuppressWarnings("StreamResourceLeak")
	private SecureDirectoryStream<Path> openTop() throws IOException {
		DirectoryStream<Path> top = Files.newDirectoryStream(this.path);
		if (top instanceof SecureDirectoryStream<Path> secure) {
			return secure;
		}
		top.close();
		throw new IOException("this system cannot open the files in %s without following links".formatted(this.path));
	}

	/**
	 * Returns a key that an entry has as long as it is the same.
	 * @throws IOException if it is not what it should be
	 */
	Object identify(SecureDirectoryStream<Path> parent, Path file, DaemonFile.Kind kind) throws IOException {
		Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,uid,nlink,fileKey",
				LinkOption.NOFOLLOW_LINKS);
		if (!kind.isTypeOf(number(attributes, "mode"))) {
			throw new IOException("%s, which it offers, is not a %s".formatted(file, kind));
		}
		long owner = Integer.toUnsignedLong(number(attributes, "uid"));
		if (!this.owners.test(owner)) {
			throw new IOException(
					"%s, which it offers, belongs to user %d, who is neither the daemon's user nor this process's"
						.formatted(file, owner));
		}
		if (kind != DaemonFile.Kind.DIRECTORY && number(attributes, "nlink") != 1) {
			throw new IOException("%s, which it offers, has other names, too".formatted(file));
		}
		// What was looked at by its path is also what the open directory has.
		Object key = parent
			.getFileAttributeView(file.getFileName(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.readAttributes()
			.fileKey();
		if (!key.equals(attributes.get("fileKey"))) {
			throw new IOException("%s, which it offers, was replaced by another one".formatted(file));
		}
		return key;
	}

	private static int number(Map<String, Object> attributes, String name) {
		return (int) Objects.requireNonNull(attributes.get(name));
	}

}
