package dev.cpg.client;

/**
 * Why a member appears among the joined or left members of a configuration change; see
 * {@code cpg_model_initialize(3)}.
 */
public enum CpgReason {

	/** No reason, or one that this version does not know. */
	UNDEFINED(0),

	/** The process joined the group. */
	JOIN(1),

	/** The process left the group by asking for it. */
	LEAVE(2),

	/** The process's node left the ring: it died, was stopped, or was cut off. */
	NODEDOWN(3),

	/** The process's node came into the ring, and the process was a member there. */
	NODEUP(4),

	/** The process ended, or its connection did, without a leave. */
	PROCDOWN(5);

	private static final CpgReason[] BY_CODE = values();

	private final int code;

	CpgReason(int code) {
		this.code = code;
	}

	/**
	 * Returns the number that stands for this reason on the wire.
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Returns the reason for a number from the wire, {@link #UNDEFINED} for one that
	 * stands for none.
	 * @param code the number
	 */
	public static CpgReason of(int code) {
		return (code >= 0 && code < BY_CODE.length) ? BY_CODE[code] : UNDEFINED;
	}

}
