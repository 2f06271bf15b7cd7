package dev.cpg.client.internal.cpg.send;

import java.time.Duration;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.outcome.DuplicateBudget;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.SendGate;

/**
 * Where senders of equal messages wait while too many are under way and undecided, see
 * {@link DuplicateBudget}.
 * <p>
 * If nothing comes back for half of a sender's time limit, a message that its equals
 * overtook is late or lost. Those that were overtaken are then given up as unknown. From
 * then on they are given up sooner, until a different message separates them again.
 */
public final class DuplicateGate {

	private static final long SHORT_PATIENCE_NANOS = Duration.ofMillis(10).toNanos();

	private final IpcConnection connection;

	private final PendingSends pending;

	private final OutcomeDispatcher outcomes;

	public DuplicateGate(IpcConnection connection, PendingSends pending, OutcomeDispatcher outcomes) {
		this.connection = connection;
		this.pending = pending;
		this.outcomes = outcomes;
	}

	/**
	 * Waits until a message may be sent. The caller holds no lock that others need.
	 * @throws CorosyncException with {@link CsError#TRY_AGAIN} if that is not in time,
	 * {@link CsError#INTERRUPT} if the thread is interrupted
	 */
	void await(SendFuture send, Deadline limit) {
		if (this.pending.hasRoomFor(send)) {
			return;
		}
		long patience = limit.remainingNanos() / 2;
		long overtaken = this.pending.overtaken();
		long since = System.nanoTime();
		while (!this.pending.hasRoomFor(send)) {
			this.connection.requireOpen("multicast");
			if (limit.isOver() || Thread.currentThread().isInterrupted()) {
				throw notSent();
			}
			this.connection.announce();
			limit.rest();
			if (this.pending.overtaken() != overtaken) {
				overtaken = this.pending.overtaken();
				since = System.nanoTime();
			}
			else if (System.nanoTime() - since > (this.pending.isOneMissing() ? SHORT_PATIENCE_NANOS : patience)) {
				this.pending.giveUpOvertaken();
				this.outcomes.flush();
				since = System.nanoTime();
			}
		}
	}

	private static CorosyncException notSent() {
		return Thread.currentThread().isInterrupted() ? SendGate.notSent(CsError.TRY_AGAIN) : new CorosyncException(
				CsError.TRY_AGAIN,
				"The message was not sent: the limit of equal messages under way was reached for all of the send"
						+ " limit; a number in each message makes them different");
	}

}
