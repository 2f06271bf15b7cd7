package dev.cpg.client;

import java.time.Duration;

/**
 * The limits of what a connection sends.
 *
 * @param maxMessageSize the size of the largest message, in bytes, as set for the
 * connector
 * @param maxAtomicMessageSize the size of the largest message that goes in one piece, in
 * bytes; a larger one goes in fragments, and again from the first fragment if the
 * membership changes midway; see {@code cpg_max_atomic_msgsize_get(3)}
 * @param sendTimeout how long a message may take from the call to its delivery back to
 * this member, waiting for the engine included, unless the call says otherwise
 */
public record CpgLimits(int maxMessageSize, int maxAtomicMessageSize, Duration sendTimeout) {

	/** The largest size that a connector takes for the largest message: 1 GiB. */
	public static final int MAX_MESSAGE_SIZE = 1 << 30;

	/**
	 * Lets a message of a size pass.
	 * @param size in bytes
	 * @throws CorosyncException with {@link CsError#TOO_BIG} if the size is negative, or
	 * more than the largest message has
	 */
	void requireMessageSize(int size) {
		if (size < 0 || size > this.maxMessageSize) {
			throw new CorosyncException(CsError.TOO_BIG,
					"A message of %d bytes is larger than the limit of %d bytes".formatted(size, this.maxMessageSize),
					CorosyncSetting.MAX_MESSAGE_SIZE, null);
		}
	}

}
