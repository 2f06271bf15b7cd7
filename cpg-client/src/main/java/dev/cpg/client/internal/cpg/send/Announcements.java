package dev.cpg.client.internal.cpg.send;

import java.time.Duration;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;

/**
 * What this member announces: that it reads batches, where that is due, or nothing, where
 * something has to come back so that what was sent before is decided. One announcement is
 * under way at a time. They are made with the right to send; any thread may look.
 */
final class Announcements {

	private static final long LIMIT_NANOS = Duration.ofSeconds(1).toNanos();

	private final BatchAgreement agreement;

	private final CpgAddress sender;

	private final Runnable again;

	private volatile boolean underWay;

	private volatile boolean fence;

	/**
	 * Creates it.
	 * @param again is run when another announcement may be due
	 */
	Announcements(BatchAgreement agreement, CpgAddress sender, Runnable again) {
		this.agreement = agreement;
		this.sender = sender;
		this.again = again;
	}

	/** Returns whether there is one to be sent. */
	boolean isDue() {
		return (this.fence || this.agreement.isDue()) && !this.underWay;
	}

	/** Has something sent. */
	void fence() {
		this.fence = true;
	}

	/** Returns the bytes to be sent next. */
	byte[] next(long number) {
		boolean due = this.agreement.isDue();
		byte[] bytes = new byte[BatchFormat.HEAD];
		BatchFormat.writeHead(bytes, bytes.length, this.sender, BatchFormat.ANNOUNCEMENT, number,
				due ? this.agreement.announce() : 0, due ? BatchFormat.READS : 0);
		this.fence = false;
		this.underWay = true;
		return bytes;
	}

	/** Returns the future of what is sent next. */
	SentAnnouncement future(byte[] bytes) {
		return new SentAnnouncement(bytes.length, System.nanoTime() + LIMIT_NANOS,
				(delivered) -> decided(BatchFormat.count(bytes) != 0, delivered));
	}

	private void decided(boolean announces, boolean delivered) {
		if (announces && !delivered) {
			this.agreement.announceAgain();
		}
		this.underWay = false;
		this.again.run();
	}

}
