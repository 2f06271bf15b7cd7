package dev.cpg.boot.autoconfigure;

import java.io.Serial;

/**
 * No setting says which group to join.
 */
final class CpgGroupNameMissingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	CpgGroupNameMissingException() {
		super("Neither cpg.group nor spring.application.name is set, so there is no group to join");
	}

}
