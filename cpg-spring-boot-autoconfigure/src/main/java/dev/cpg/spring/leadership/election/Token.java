package dev.cpg.spring.leadership.election;

import java.time.Instant;
import java.util.Collection;

/**
 * The arithmetic of tokens. A token is a number of 52 bits, so that JSON and meters have
 * it exactly: <pre>
 * 51      11 10       0
 * |  tick   | node id |
 * </pre> The tick is the time in milliseconds since 2026, or one more than that of the
 * highest token where that is ahead of the clocks. The node id, of which there are the
 * low bits, has members of two rings that know nothing of each other choose different
 * tokens.
 */
final class Token {

	/** Stands where there is none. */
	static final long NONE = 0;

	static final long MAX = (1L << 52) - 1;

	private static final int NODE_BITS = 11;

	private static final long NODE_MASK = (1L << NODE_BITS) - 1;

	/** Ticks are counted from here, in milliseconds since 1970. */
	private static final long EPOCH = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

	/**
	 * A token further ahead of all clocks is refused: it would block leaders for ever.
	 */
	private static final long MAX_AHEAD = 366L * 24 * 60 * 60 * 1000;

	private Token() {
	}

	static long tick(long token) {
		return token >>> NODE_BITS;
	}

	/**
	 * Returns the next token.
	 * @param highest the highest one that is known
	 * @param clocks the members' clocks, in milliseconds since 1970
	 * @param nodeId the node of the member that it is for
	 * @return the token, more than {@link #MAX} if there are no more
	 */
	static long next(long highest, Collection<Long> clocks, long nodeId) {
		long[] sorted = clocks.stream().mapToLong(Long::longValue).sorted().toArray();
		long median = (sorted.length > 0) ? sorted[(sorted.length - 1) / 2] - EPOCH : 0;
		return (Math.max(tick(highest) + 1, median) << NODE_BITS) | (nodeId & NODE_MASK);
	}

	/**
	 * Returns whether a token may be believed.
	 * @param token the token, or {@link #NONE}
	 * @param latestClock the latest of the members' clocks, in milliseconds since 1970
	 */
	static boolean isCredible(long token, long latestClock) {
		return token >= NONE && token <= MAX && tick(token) <= Math.max(0, latestClock - EPOCH) + MAX_AHEAD;
	}

}
