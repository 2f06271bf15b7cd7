package dev.cpg.client;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * A message was handed to the engine, and its delivery was not seen.
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
	 * What is known of a message whose delivery was not seen.
	 */
	public enum Outcome {

		/** No member received it, and none will: it may be sent again. */
		LOST,

		/**
		 * The other members may have received it or not, or may still receive it: the
		 * connection ended, the time limit passed, or it cannot be seen which of several
		 * equal messages was delivered.
		 */
		UNKNOWN

	}

}
