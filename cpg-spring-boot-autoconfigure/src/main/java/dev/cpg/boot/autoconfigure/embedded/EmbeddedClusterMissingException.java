package dev.cpg.boot.autoconfigure.embedded;

import java.io.Serial;

/**
 * The cluster inside the JVM is to be used, and is not on the classpath.
 */
final class EmbeddedClusterMissingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	EmbeddedClusterMissingException() {
		super("cpg.mode=embedded needs dev.cpg:cpg-embedded on the classpath, which is not there");
	}

}
