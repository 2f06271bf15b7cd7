package dev.cpg.faults;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.cpg.test.CorosyncNode;

/**
 * The files in which a daemon keeps the number of its last ring.
 */
final class RingNumbers {

	private RingNumbers() {
	}

	/** Removes them: the daemon begins with the first number again. */
	static void forget(CorosyncNode node) {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(node.directory(), "ringid_*")) {
			for (Path file : files) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new FaultsException("The ring's number of node " + node.nodeId() + " cannot be removed: " + ex, ex);
		}
	}

}
