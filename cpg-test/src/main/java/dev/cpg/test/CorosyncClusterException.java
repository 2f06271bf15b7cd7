package dev.cpg.test;

/**
 * A cluster or one of its nodes did not do what it was asked to. The message says what
 * was asked, what came of it, and, where a daemon is concerned, how its log ends.
 */
public final class CorosyncClusterException extends RuntimeException {

	CorosyncClusterException(String message) {
		super(message);
	}

	CorosyncClusterException(String message, Throwable cause) {
		super(message, cause);
	}

}
