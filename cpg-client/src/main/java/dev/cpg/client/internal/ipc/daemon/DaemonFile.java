package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * An entry of a {@link DaemonDirectory} that was found to be what it should be. Whenever
 * it is used again, it must still be the same one.
 */
public final class DaemonFile {

	private final DaemonDirectory directory;

	private final Path path;

	private final Kind kind;

	private final Object key;

	DaemonFile(DaemonDirectory directory, Path path, Kind kind, Object key) {
		this.directory = directory;
		this.path = path;
		this.kind = kind;
		this.key = key;
	}

	Path path() {
		return this.path;
	}

	/** Opens it to be read and written. */
	public FileChannel open() throws IOException {
		try (SecureDirectoryStream<Path> parent = this.directory.openParent(this.path)) {
			requireSame(parent);
			Channel channel = parent.newByteChannel(this.path.getFileName(),
					Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
			boolean same = false;
			try {
				// Whoever may write in the directory could have replaced it in between.
				requireSame(parent);
				same = true;
				return (FileChannel) channel;
			}
			finally {
				if (!same) {
					channel.close();
				}
			}
		}
	}

	/** Returns its length in bytes. */
	public long size() throws IOException {
		return Files.readAttributes(this.path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size();
	}

	boolean exists() {
		return Files.exists(this.path, LinkOption.NOFOLLOW_LINKS);
	}

	/** Removes it, a directory only if nothing is in it. */
	public void delete() throws IOException {
		try (SecureDirectoryStream<Path> parent = this.directory.openParent(this.path)) {
			requireSame(parent);
			if (this.kind == Kind.DIRECTORY) {
				parent.deleteDirectory(this.path.getFileName());
			}
			else {
				parent.deleteFile(this.path.getFileName());
			}
		}
	}

	private void requireSame(SecureDirectoryStream<Path> parent) throws IOException {
		if (!this.key.equals(this.directory.identify(parent, this.path, this.kind))) {
			throw new IOException("%s, which it offers, was replaced by another one".formatted(this.path));
		}
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

	/** What an entry is; see {@code inode(7)}. */
	public enum Kind {

		FILE("regular file", 0100000), DIRECTORY("directory", 0040000), SOCKET("socket", 0140000);

		private static final int TYPE_MASK = 0170000;

		private final String text;

		private final int type;

		Kind(String text, int type) {
			this.text = text;
			this.type = type;
		}

		boolean isTypeOf(int mode) {
			return (mode & TYPE_MASK) == this.type;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
