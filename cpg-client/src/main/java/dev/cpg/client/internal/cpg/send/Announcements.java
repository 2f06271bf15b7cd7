package dev.cpg.client.internal.cpg.send;

import java.time.Duration;

import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.ipc.SendSlot;

/**
 * What this member announces: that it reads batches, where that is due, or nothing, where
 * something has to come back so that what was sent before is decided. One announcement is
 * under way at a time. They are made with the right to send; any thread may look.
 */
final class Announcements {

	private static final long LIMIT_NANOS = Duration.ofSeconds(1).toNanos();

	private final BatchAgreement agreement;

	private final MembershipState membership;

	private final BatchOutput output;

	private final Runnable again;

	private volatile boolean underWay;

	private volatile boolean fence;

	/**
	 * Creates it.
	 * @param again is run when another announcement may be due
	 */
	Announcements(BatchAgreement agreement, MembershipState membership, BatchOutput output, Runnable again) {
		this.agreement = agreement;
		this.membership = membership;
		this.output = output;
		this.again = again;
	}

	/** Returns whether there is one to be sent. */
	boolean isDue() {
		return (this.fence || this.agreement.isDue()) && !this.underWay && this.membership.isJoined();
	}

	/** Has something sent. */
	void fence() {
		this.fence = true;
	}

	/** Sends one if it is due and there is room. */
	void send() {
		SendSlot slot = isDue() ? this.output.tryRoom(BatchFormat.HEAD) : null;
		if (slot == null) {
			return;
		}
		boolean announces = this.agreement.isDue();
		byte[] bytes = new byte[BatchFormat.HEAD];
		BatchFormat.writeHead(bytes, bytes.length, this.membership.localAddress(), BatchFormat.ANNOUNCEMENT,
				this.output.nextNumber(), announces ? this.agreement.announce() : 0, announces ? BatchFormat.READS : 0);
		this.fence = false;
		this.underWay = true;
		// Its number makes it different from all others, so that it is sent at once.
		this.output.send(slot, bytes, new SentAnnouncement(bytes.length, System.nanoTime() + LIMIT_NANOS,
				(delivered) -> decided(announces, delivered)));
	}

	private void decided(boolean announces, boolean delivered) {
		if (announces && !delivered) {
			this.agreement.announceAgain();
		}
		this.underWay = false;
		this.again.run();
	}

}
