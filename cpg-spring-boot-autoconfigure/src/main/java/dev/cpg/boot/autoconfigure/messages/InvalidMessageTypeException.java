package dev.cpg.boot.autoconfigure.messages;

import java.io.Serial;

import dev.cpg.spring.message.CpgMessageType;

/**
 * A class with {@link CpgMessageType} in the application's packages cannot be a type of
 * messages.
 */
final class InvalidMessageTypeException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String action;

	InvalidMessageTypeException(String description, String action) {
		super(description);
		this.action = action;
	}

	/** What to do about it. */
	String action() {
		return this.action;
	}

}
