package dev.cpg.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The secret that the nodes of one cluster share. A daemon reads it only if the traffic
 * between the nodes is encrypted, which some builds of corosync demand.
 */
final class ClusterKey {

	static final String FILE_NAME = "authkey";

	/** The length of a key that {@code corosync-keygen} makes. */
	private static final int LENGTH = 256;

	private final byte[] bytes = new byte[LENGTH];

	ClusterKey() {
		new SecureRandom().nextBytes(this.bytes);
	}

	/**
	 * Writes the key for a node.
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
