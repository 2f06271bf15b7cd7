package dev.cpg.client.internal.cpg.send;

import java.time.Duration;
import java.util.Arrays;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.batch.OwnBatches;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.SendGate;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent in batches: the messages that were gathered while there was no
 * occasion, and batches that came back stale, which go first. Whoever may notice an
 * occasion sends them: the next sender, the thread that reads events, and the timer.
 * <p>
 * While batches of one epoch are under way, none of another one is sent, nor anything
 * else.
 */
public final class WaitingBatches implements OwnBatches {

	private static final String MULTICAST = FrameSender.MULTICAST;

	/** When to try again to get the right to send. */
	private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();

	private final IpcConnection connection;

	private final SendGate gate;

	private final PendingSends pending;

	private final BatchAgreement agreement;

	private final BatchHelpers helpers;

	private final BatchCollector collector;

	private final BatchesUnderWay underWay = new BatchesUnderWay();

	private final BatchOutput output;

	private final SendWindow window;

	private final Announcements announcements;

	private final StaleSender stale;

	private final BlockedSenders blocked = new BlockedSenders();

	/** Whether somebody looked who had no right to send. */
	private volatile boolean missed;

	/** Whether a sender had to wait. */
	private volatile boolean wanted;

	/** Whether nothing is sent any more. */
	private volatile boolean over;

	/**
	 * Creates it.
	 * @param size how many bytes a batch of several messages has at most
	 */
	public WaitingBatches(IpcConnection connection, MembershipState membership, PendingSends pending,
			BatchAgreement agreement, FrameSender frames, BatchHelpers helpers, int size) {
		this.connection = connection;
		this.gate = connection.sends();
		this.pending = pending;
		this.agreement = agreement;
		this.helpers = helpers;
		this.output = new BatchOutput(this.gate, membership.localAddress(), pending, frames, this.underWay);
		int most = Math.min(size, connection.maxFrameSize() - CpgRequests.RESERVED);
		this.window = new SendWindow(pending, helpers, most);
		this.collector = new BatchCollector(most, this.underWay, this.output, this.window);
		this.announcements = new Announcements(agreement, membership, this.output, helpers::later);
		this.stale = new StaleSender(this.underWay, this.output, this.announcements);
	}

	BatchesUnderWay underWay() {
		return this.underWay;
	}

	BlockedSenders blocked() {
		return this.blocked;
	}

	/** Returns how many batches were sent. For any thread. */
	public long sent() {
		return this.output.batches();
	}

	/** Returns how many messages these held. For any thread. */
	public long sentMessages() {
		return this.output.messages();
	}

	/**
	 * Returns a number that changes with all that a blocked sender may wait for: what is
	 * sent, and what is decided. For any thread.
	 */
	long progress() {
		return this.output.commits() + this.underWay.settledCount();
	}

	/** A sender has to wait. For any thread. */
	void want() {
		this.wanted = true;
	}

	/**
	 * Returns whether the next message is to be sent by itself. For who has the right to
	 * send.
	 */
	boolean isSingle(int length) {
		return this.underWay.isIdle()
				&& (epoch() == BatchAgreement.NONE || !this.collector.mayHold(length) || this.collector.isOccasion());
	}

	/** Returns the epoch to send batches in: none while others are under way. */
	private long epoch() {
		return this.underWay.epoch(this.agreement.epoch());
	}

	/**
	 * Adds a message. For who has the right to send.
	 * @param message its bytes, or {@code null}
	 * @param writer writes it, if there are no bytes
	 * @return its future, {@code null} if it has to wait
	 */
	@Nullable SendFuture add(byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length, long deadline) {
		long epoch = epoch();
		SendFuture future = (epoch != BatchAgreement.NONE && this.stale.isEmpty())
				? this.collector.add(epoch, message, writer, length, deadline) : null;
		if (future == null) {
			this.wanted = true;
			return null;
		}
		this.helpers.expireBy(deadline);
		if (this.over) {
			future.lose(this.pending::decided);
		}
		else {
			sendCollected(epoch);
		}
		return future;
	}

	private void sendCollected(long epoch) {
		if (this.collector.isOccasion() && !this.collector.send(epoch)) {
			this.wanted = true;
		}
	}

	/** Sends what came back stale, as far as there is room. */
	void sendStale() {
		if (this.underWay.isEmpty() && this.agreement.epoch() == BatchAgreement.NONE) {
			this.collector.moveTo(this.stale);
		}
		this.stale.send(this.agreement);
	}

	/** To be called by who had the right to send. */
	void afterExit() {
		this.connection.announce();
		if (this.missed) {
			this.missed = false;
			advance();
		}
		haveOthersLook();
	}

	/** Returns whether something is due. */
	private boolean haveOthersLook() {
		if (isCollecting()) {
			this.window.watch();
		}
		boolean due = isDue();
		if (due) {
			this.helpers.later();
		}
		return due;
	}

	/** Returns whether messages are collected. For any thread. */
	boolean isCollecting() {
		return !this.over && !this.collector.isEmpty();
	}

	/**
	 * Sends what waits for something to come back where nothing does. For the timer.
	 * @return when to look again
	 */
	public long look(long now) {
		return this.window.look(now, this);
	}

	/**
	 * Returns whether something is to be sent as soon as that can be, and not only when
	 * something has come back. For any thread.
	 */
	public boolean isDue() {
		return !this.over && (!this.stale.isEmpty() || this.wanted || this.announcements.isDue()
				|| (!this.collector.isEmpty() && this.window.isOpen()));
	}

	private boolean hasWork() {
		return isCollecting() || isDue();
	}

	/**
	 * Sends what there is an occasion for. For any thread that may notice one.
	 * @return whether nothing is left that is due
	 */
	public boolean advance() {
		return !hasWork() || work(false);
	}

	/** Sends what is open, without an occasion. For any thread. */
	public void flush() {
		if (hasWork()) {
			work(true);
		}
	}

	private boolean work(boolean all) {
		boolean entered = false;
		long before = this.output.commits();
		try {
			entered = tryEnter();
			if (!entered) {
				this.missed = true;
				entered = tryEnter();
			}
			if (!entered) {
				this.helpers.later();
				return false;
			}
			work();
			if (this.stale.isEmpty()) {
				if (all) {
					this.collector.send(epoch());
				}
				else {
					sendCollected(epoch());
				}
			}
		}
		catch (CorosyncException ex) {
			// The futures complete with it.
			return true;
		}
		finally {
			if (entered) {
				this.gate.exit(MULTICAST);
			}
		}
		this.connection.announce();
		if (this.output.commits() != before) {
			this.blocked.wake();
		}
		return !haveOthersLook();
	}

	private void work() {
		if (this.underWay.isEmpty()) {
			this.wanted = false;
		}
		else if (this.underWay.takeOverdue()) {
			// What comes back proves that those before it are lost.
			this.announcements.fence();
		}
		this.announcements.send();
		sendStale();
	}

	/** Returns {@code false}, too, if the connection has ended. */
	private boolean tryEnter() {
		try {
			return !this.connection.isEnded() && this.gate.enter(MULTICAST, SendGate.NO_WAIT);
		}
		catch (CorosyncException ex) {
			// It ended just now, or this thread has the right and writes a message.
			return false;
		}
	}

	@Override
	public void delivered(long number, int length, CpgView view) {
		this.pending.delivered(length, BatchFormat.hash(number), view);
		advance();
		this.blocked.wake();
	}

	@Override
	public void stale(long number, int length, byte[] bytes) {
		// There may be no memory for it, which must not cost the batch its place.
		byte[] copy = Arrays.copyOf(bytes, length);
		this.underWay.takeReturned();
		this.pending.delivered(length, BatchFormat.hash(number), SentBatch.STALE);
		SentBatch batch = this.underWay.takeReturned();
		if (batch != null) {
			this.stale.add(batch, copy);
			this.underWay.putBack();
			this.helpers.expireBy(batch.deadline());
		}
		this.blocked.wake();
	}

	/**
	 * Gives up messages that wait here and are past their time limits.
	 * @return when to look again
	 */
	public long expire(long now) {
		long next = this.collector.expire(now, this.pending::decided);
		if (this.stale.isEmpty()) {
			return next;
		}
		if (!tryEnter()) {
			return Math.min(next, now + RETRY_NANOS);
		}
		try {
			return Math.min(next, this.stale.expire(now, this.pending::decided));
		}
		finally {
			this.gate.exit(MULTICAST);
		}
	}

	@Override
	public void left() {
		end();
	}

	/** Nothing is sent any more: what waits here is lost. */
	public void end() {
		this.over = true;
		this.collector.lose(this.pending::decided);
		this.stale.lose(this.pending::decided);
	}

}
