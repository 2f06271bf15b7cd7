package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Where a service of the daemon listens: a name in Linux's abstract socket namespace, or
 * a file in a directory.
 *
 * @param name the name of its socket
 * @param file the file, or {@code null} for the abstract namespace
 */
public record ServiceAddress(String name, @Nullable Path file) {

	/**
	 * The length of {@code sun_path}, see {@code unix(7)}. libqb pads an abstract name
	 * with NULs to the whole of it.
	 */
	private static final int SUN_PATH_LENGTH = 108;

	/** A path has a NUL before or behind it. */
	private static final int MAX_PATH = SUN_PATH_LENGTH - 1;

	/** Makes every libqb program of the machine use files. */
	private static final Path FORCE_FILE = Path.of("/etc/libqb/force-filesystem-sockets");

	/** The directory is compiled into libqb, and distributions differ. */
	private static final List<Path> FORCED_DIRECTORIES = List.of(Path.of("/run"), Path.of("/var/run"), Path.of("/tmp"));

	/**
	 * Finds out where a service is.
	 * @param name the service's name
	 * @param directory the directory of file sockets, or {@code null} for what libqb does
	 * on this machine: abstract sockets, unless its force file is there
	 */
	public static ServiceAddress of(String name, @Nullable Path directory) {
		if (directory != null) {
			return new ServiceAddress(name, directory.resolve(name));
		}
		if (!Files.exists(FORCE_FILE)) {
			return new ServiceAddress(name, null);
		}
		return new ServiceAddress(name,
				FORCED_DIRECTORIES.stream()
					.map((candidate) -> candidate.resolve(name))
					.filter(Files::exists)
					.findFirst()
					.orElse(FORCED_DIRECTORIES.get(0).resolve(name)));
	}

	/**
	 * Requires that a daemon can listen there.
	 * @throws IllegalArgumentException if a socket's address has no room for its path
	 */
	public void requireShortEnough() {
		if (path().length > MAX_PATH) {
			throw new IllegalArgumentException("The path of a socket has at most %d bytes, and %s has more"
				.formatted(MAX_PATH, (this.file != null) ? this.file : this.name));
		}
	}

	private byte[] path() {
		return ((this.file != null) ? this.file.toString() : this.name).getBytes(StandardCharsets.UTF_8);
	}

	/** Returns the address to connect to. */
	public AFUNIXSocketAddress toSocketAddress() throws IOException {
		requireShortEnough();
		byte[] path = path();
		if (this.file != null) {
			return AFUNIXSocketAddress.of(path);
		}
		byte[] padded = new byte[SUN_PATH_LENGTH];
		System.arraycopy(path, 0, padded, 1, path.length);
		return AFUNIXSocketAddress.of(padded);
	}

	/**
	 * Returns the address of a socket that belongs to a connection to this one. libqb
	 * makes the name of one an absolute path, which then is no file's but an abstract
	 * name even where file sockets are forced; only old versions make real files of them.
	 */
	public ServiceAddress sibling(String name) throws IOException {
		Path file = name.startsWith("/") ? null : this.file;
		if (file != null && name.contains("/")) {
			throw new IOException(
					"the name of a socket that it offers, %s, leads out of its directory".formatted(name));
		}
		ServiceAddress sibling = new ServiceAddress(name, (file != null) ? file.resolveSibling(name) : null);
		if (sibling.path().length > MAX_PATH) {
			throw new IOException("the name of a socket that it offers is longer than the %d bytes there is room for"
				.formatted(MAX_PATH));
		}
		return sibling;
	}

	/** Returns the directory that keeps this process from the file, if there is one. */
	public @Nullable Path closedDirectory() {
		Path closed = null;
		if (this.file != null) {
			for (Path directory = this.file.toAbsolutePath().getParent(); directory != null; directory = directory
				.getParent()) {
				// Of what is in a directory that may not be entered, nothing is seen.
				if (Files.isDirectory(directory) && !Files.isExecutable(directory)) {
					closed = directory;
				}
			}
		}
		return closed;
	}

	/** Says what else may be wrong than that corosync does not run. */
	public String whereElse() {
		if (this.file != null) {
			Path directory = this.file.getParent();
			return (directory != null && !Files.isDirectory(directory))
					? "its sockets are elsewhere: there is no such directory" : "its sockets are in another directory";
		}
		return "runs in another network namespace, which its abstract sockets do not cross (a container needs the"
				+ " host's), or uses file sockets in a directory that must be set";
	}

	@Override
	public String toString() {
		return (this.file != null) ? "corosync's socket " + this.file
				: "corosync's abstract socket '" + this.name + "'";
	}

}
