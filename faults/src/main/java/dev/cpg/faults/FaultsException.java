package dev.cpg.faults;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * The run cannot go on.
 */
final class FaultsException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	FaultsException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
