package dev.cpg.benchmarks;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * The benchmark cannot go on; the message says why.
 */
final class BenchmarkException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	BenchmarkException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
