package dev.cpg.client.internal.cpg.send;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.SendGate;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages in batches: one that comes while there is no reason to wait goes by
 * itself, and what comes while there is one goes together, see {@link WaitingBatches}.
 * <p>
 * The order of a sender's messages is that of its calls, whatever happens to the batches.
 * So while any is undecided, nothing goes by itself: the batch might come back stale, and
 * then its messages come behind. For any thread.
 */
public final class BatchSender {

	/** Stands for a message that is to be sent by itself, without a batch. */
	static final SendFuture BY_ITSELF = new SendFuture(0, 0, 0);

	private static final String MULTICAST = FrameSender.MULTICAST;

	private final IpcConnection connection;

	private final SendGate gate;

	private final MembershipState membership;

	private final BatchAgreement agreement;

	private final WaitingBatches waiting;

	private final BatchesUnderWay underWay;

	private final BlockedSenders blocked;

	private final BatchHelpers helpers;

	public BatchSender(IpcConnection connection, MembershipState membership, BatchAgreement agreement,
			WaitingBatches waiting, BatchHelpers helpers) {
		this.connection = connection;
		this.gate = connection.sends();
		this.membership = membership;
		this.agreement = agreement;
		this.waiting = waiting;
		this.underWay = waiting.underWay();
		this.blocked = waiting.blocked();
		this.helpers = helpers;
	}

	/**
	 * Sends a message in a batch.
	 * @param message its bytes, or {@code null}
	 * @param writer writes it, if there are no bytes
	 * @param deadline the {@link System#nanoTime()} until which its outcome may take
	 * @param waits whether the call may wait until then
	 * @return the message's future; {@link #BY_ITSELF} if it is to be sent by itself;
	 * {@code null} if the call would have to wait and must not
	 */
	@Nullable SendFuture send(byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length, long deadline,
			boolean waits) {
		if (isIdle() && this.agreement.epoch() == BatchAgreement.NONE) {
			return BY_ITSELF;
		}
		long seen = this.waiting.progress();
		SendFuture sent = trySend(message, writer, length, deadline, waits);
		if (sent != null || !waits) {
			return sent;
		}
		boolean listener = this.helpers.beginWait();
		try {
			Deadline limit = Deadline.at(deadline);
			while (sent == null) {
				rest(seen, limit);
				seen = this.waiting.progress();
				sent = trySend(message, writer, length, deadline, true);
			}
			return sent;
		}
		finally {
			this.helpers.endWait(listener);
		}
	}

	private @Nullable SendFuture trySend(byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length,
			long deadline, boolean waits) {
		if (!this.gate.enter(MULTICAST, waits ? deadline : SendGate.NO_WAIT)) {
			return null;
		}
		SendFuture sent = null;
		try {
			this.membership.requireJoined();
			this.waiting.sendStale();
			sent = this.waiting.isSingle(length) ? BY_ITSELF : this.waiting.add(message, writer, length, deadline);
		}
		finally {
			this.gate.exit(MULTICAST);
			// A batch may have been sent though a writer threw.
			if (sent != BY_ITSELF) {
				this.waiting.afterExit();
			}
		}
		return sent;
	}

	/** Returns whether no batch is undecided. */
	boolean isIdle() {
		return this.underWay.isIdle();
	}

	/** Returns whether others would take a payload for a batch of this member. */
	boolean isMistakable(byte[] message, int length) {
		return BatchFormat.type(message, length, this.membership.localAddress()) != 0;
	}

	/**
	 * Waits until what was sent before in batches is decided, for what cannot be in one.
	 * @throws CorosyncException with {@link CsError#TRY_AGAIN} if it is not in time,
	 * {@link CsError#INTERRUPT} if the thread is interrupted
	 */
	void awaitDecided(Deadline limit) {
		long before = this.underWay.begun();
		if (this.underWay.areSettled(before)) {
			return;
		}
		boolean listener = this.helpers.beginWait();
		try {
			while (!this.underWay.areSettled(before)) {
				long seen = this.waiting.progress();
				this.waiting.want();
				this.waiting.flush();
				rest(seen, limit);
			}
		}
		finally {
			this.helpers.endWait(listener);
		}
	}

	/**
	 * Sends what waits, and waits until all batches are decided, at most for half of a
	 * limit: what waits any longer is lost with the leave.
	 */
	void sendAll(Deadline limit) {
		try {
			awaitDecided(Deadline.at(System.nanoTime() + limit.remainingNanos() / 2));
		}
		catch (CorosyncException ex) {
			// Also if the thread is interrupted: the leave is not.
		}
	}

	/** Waits for something else than was seen. */
	private void rest(long seen, Deadline limit) {
		this.connection.requireOpen(MULTICAST);
		if (limit.isOver() || Thread.currentThread().isInterrupted()) {
			throw SendGate.notSent(CsError.TRY_AGAIN);
		}
		this.blocked.await(() -> {
			this.waiting.advance();
			this.connection.announce();
			return this.waiting.progress() != seen;
		}, limit);
	}

}
