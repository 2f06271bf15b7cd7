package dev.cpg.spring.leadership.election;

import org.jspecify.annotations.Nullable;

/**
 * This member's renewals: one is under way at a time, and the next one is sent when it
 * has come back. Two in a row prove that the token was with all nodes of the ring after
 * the first one was sent: a message goes out only with the token, and the second one was
 * sent when the first one was back.
 */
final class Renewals {

	private long next = 1;

	private @Nullable Renewal underWay;

	private @Nullable Renewal previous;

	/** The ring or its quorum has changed: what was sent before proves nothing. */
	void reset() {
		this.underWay = null;
		this.previous = null;
	}

	/** One was not delivered. The next one follows the last that was. */
	void lost() {
		this.underWay = null;
	}

	boolean isUnderWay() {
		return this.underWay != null;
	}

	/** Returns the number of the next one. */
	long next() {
		return this.next;
	}

	/**
	 * The next one is sent.
	 * @param suspended for how long the machine was suspended before
	 * @return its number
	 */
	long send(long now, long suspended) {
		this.underWay = new Renewal(this.next, now, suspended);
		return this.next++;
	}

	/**
	 * One has come back.
	 * @return the one before it, {@code null} if there is none
	 */
	@Nullable Renewal returned(long number) {
		if (this.underWay == null || this.underWay.number != number) {
			return null;
		}
		Renewal before = this.previous;
		this.previous = this.underWay;
		this.underWay = null;
		return before;
	}

	/**
	 * Returns when the last one was sent that has come back, {@code null} without one.
	 */
	@Nullable Long lastSent() {
		return (this.previous != null) ? (Long) this.previous.sent : null;
	}

	/**
	 * A renewal.
	 *
	 * @param number its number
	 * @param sent when it was sent
	 * @param suspended for how long the machine was suspended before
	 */
	record Renewal(long number, long sent, long suspended) {

	}

}
