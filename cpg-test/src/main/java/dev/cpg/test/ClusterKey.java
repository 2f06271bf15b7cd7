package dev.cpg.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The secret that the nodes of one cluster share. A daemon reads it only where the
 * traffic between the nodes is encrypted, which is what some builds of corosync demand.
 */
final class ClusterKey {

	static final String FILE_NAME = "authkey";

	/** The length that {@code corosync-keygen} gives a key. */
	private static final int LENGTH = 256;

	private final byte[] bytes = new byte[LENGTH];

	ClusterKey() {
		new SecureRandom().nextBytes(this.bytes);
	}

	/**
	 * Gives a node the key.
	 * @param directory the node's directory
	 * @throws IOException if the file could not be written
	 */
	void writeTo(Path directory) throws IOException {
		Path file = directory.resolve(FILE_NAME);
		Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.write(file, this.bytes);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
	}

}
