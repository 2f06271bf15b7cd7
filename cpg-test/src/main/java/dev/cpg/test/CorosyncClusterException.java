package dev.cpg.test;

/**
 * A cluster or one of its nodes failed to do what it was asked to do. The message says
 * what was asked and what happened, and shows the end of the log if a daemon is
 * concerned.
 */
public final class CorosyncClusterException extends RuntimeException {

	CorosyncClusterException(String message) {
		super(message);
	}

	CorosyncClusterException(String message, Throwable cause) {
		super(message, cause);
	}

}
