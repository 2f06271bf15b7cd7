package dev.cpg.client;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * A message that was handed to the engine was not seen to be delivered.
 */
public final class CpgSendException extends CorosyncException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Outcome outcome;

	/**
	 * Creates an exception.
	 * @param outcome what is known of the message
	 * @param error the error
	 * @param message what happened, and what to do about it
	 * @param cause what it comes of, if anything
	 */
	public CpgSendException(Outcome outcome, CsError error, String message, @Nullable Throwable cause) {
		super(error, message, cause);
		this.outcome = outcome;
	}

	/**
	 * Returns what is known of the message.
	 */
	public Outcome outcome() {
		return this.outcome;
	}

	/**
	 * What is known of a message that was not seen to be delivered.
	 */
	public enum Outcome {

		/** No member got it, and none will: it may be sent again. */
		LOST,

		/**
		 * The others may have got it, may get it, or may not: the connection ended, the
		 * time limit passed, or which of several equal messages was delivered cannot be
		 * seen.
		 */
		UNKNOWN

	}

}
