package dev.cpg.client;

import org.jspecify.annotations.Nullable;

/**
 * The error codes of Corosync's libraries, {@code cs_error_t}, under their names without
 * {@code CS_ERR_}. See {@code corotypes.h}.
 */
public enum CsError {

	/** No error. */
	OK(1),
	/** Internal error of the daemon or the library. */
	LIBRARY(2),
	/** Versions do not match. */
	VERSION(3),
	/** Could not be initialized. */
	INIT(4),
	/** Took too long. */
	TIMEOUT(5),
	/** Not now; the same call may succeed later. */
	TRY_AGAIN(6),
	/** An argument is wrong. */
	INVALID_PARAM(7),
	/** No memory. */
	NO_MEMORY(8),
	/** The connection has ended. */
	BAD_HANDLE(9),
	/** In use. */
	BUSY(10),
	/** Permission denied. */
	ACCESS(11),
	/** Does not exist. */
	NOT_EXIST(12),
	/** The name is too long. */
	NAME_TOO_LONG(13),
	/** Exists already. */
	EXIST(14),
	/** No space. */
	NO_SPACE(15),
	/**
	 * Interrupted: the sending thread was; the daemon's own, for a change of the
	 * membership amid a large message, is answered by sending it again.
	 */
	INTERRUPT(16),
	/** The name was not found. */
	NAME_NOT_FOUND(17),
	/** No resources. */
	NO_RESOURCES(18),
	/** Not supported. */
	NOT_SUPPORTED(19),
	/** Not possible in this state. */
	BAD_OPERATION(20),
	/** The operation failed. */
	FAILED_OPERATION(21),
	/** A message was malformed. */
	MESSAGE_ERROR(22),
	/** The queue is full. */
	QUEUE_FULL(23),
	/** The queue is not available. */
	QUEUE_NOT_AVAILABLE(24),
	/** Wrong flags. */
	BAD_FLAGS(25),
	/** Too big. */
	TOO_BIG(26),
	/** No more sections. */
	NO_SECTIONS(27),
	/** The context was not found. */
	CONTEXT_NOT_FOUND(28),
	/** Too many groups. */
	TOO_MANY_GROUPS(30),
	/** Security error. */
	SECURITY(100);

	private final int code;

	CsError(int code) {
		this.code = code;
	}

	/**
	 * Returns the number that stands for this error on the wire.
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Returns the error for a number from the wire, {@code null} for one that stands for
	 * none.
	 * @param code the number
	 */
	public static @Nullable CsError of(int code) {
		for (CsError error : values()) {
			if (error.code == code) {
				return error;
			}
		}
		return null;
	}

	/**
	 * The name in {@code corotypes.h}: {@code CS_ERR_TRY_AGAIN}, {@code CS_OK}.
	 */
	@Override
	public String toString() {
		return (this == OK) ? "CS_OK" : "CS_ERR_" + name();
	}

}
