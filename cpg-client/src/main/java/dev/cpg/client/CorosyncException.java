package dev.cpg.client;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * A call to the cluster engine failed, or a connection ended. The message says what was
 * asked, of whom, what to do about it, and the name of the error.
 */
public class CorosyncException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final CsError error;

	private final @Nullable CorosyncSetting setting;

	/**
	 * Creates an exception.
	 * @param error the error, which is named at the message's end
	 * @param message what was asked, of whom, and what to do about it
	 */
	public CorosyncException(CsError error, String message) {
		this(error, message, null);
	}

	/**
	 * Creates an exception.
	 * @param error the error, which is named at the message's end
	 * @param message what was asked, of whom, and what to do about it
	 * @param cause what it comes of, if anything
	 */
	public CorosyncException(CsError error, String message, @Nullable Throwable cause) {
		this(error, message, null, cause);
	}

	/**
	 * Creates an exception that a setting could have spared.
	 * @param error the error, which is named at the message's end
	 * @param message what was asked, of whom, and what to do about it
	 * @param setting the setting that was exceeded, or of which another value would help
	 * @param cause what it comes of, if anything
	 */
	public CorosyncException(CsError error, String message, @Nullable CorosyncSetting setting,
			@Nullable Throwable cause) {
		super(message + " (" + error + ")", cause);
		this.error = error;
		this.setting = setting;
	}

	/**
	 * Returns the error.
	 */
	public final CsError error() {
		return this.error;
	}

	/**
	 * Returns the setting of the connector that was exceeded, or of which another value
	 * would help, if there is one.
	 */
	public final @Nullable CorosyncSetting setting() {
		return this.setting;
	}

}
