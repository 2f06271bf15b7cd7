package dev.cpg.client.internal.cpg.outcome;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much is under way that equals something else under way, and undecided. It is
 * limited: while equal messages follow each other without end, which of them has come
 * back shows only when all of them have.
 */
public final class DuplicateBudget {

	/** Room for {@value} bytes: about a thousand short messages. */
	static final long LIMIT = 1 << 20;

	/** What a message takes beside its bytes. */
	static final long OVERHEAD = 1 << 10;

	private final AtomicLong bytes = new AtomicLong();

	/** Returns whether there is room for one more; there always is for a first one. */
	boolean hasRoomFor(SendFuture send) {
		long taken = this.bytes.get();
		return taken == 0 || taken + weight(send) <= LIMIT;
	}

	void add(SendFuture send) {
		this.bytes.addAndGet(weight(send));
	}

	void remove(SendFuture send) {
		this.bytes.addAndGet(-weight(send));
	}

	private static long weight(SendFuture send) {
		return OVERHEAD + send.length();
	}

}
