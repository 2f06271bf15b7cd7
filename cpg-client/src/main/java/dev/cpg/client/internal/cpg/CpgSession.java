package dev.cpg.client.internal.cpg;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.client.CpgDeliveryStatistics;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.concurrent.ConnectionThreads;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.SharedTimer;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.delivery.BatchReader;
import dev.cpg.client.internal.cpg.delivery.BurstFlush;
import dev.cpg.client.internal.cpg.delivery.DroppedMessages;
import dev.cpg.client.internal.cpg.delivery.EventDecoder;
import dev.cpg.client.internal.cpg.delivery.EventPump;
import dev.cpg.client.internal.cpg.delivery.ListenerDispatcher;
import dev.cpg.client.internal.cpg.delivery.MessageDecoder;
import dev.cpg.client.internal.cpg.delivery.Reassembler;
import dev.cpg.client.internal.cpg.delivery.Receiver;
import dev.cpg.client.internal.cpg.delivery.ViewTracker;
import dev.cpg.client.internal.cpg.membership.GroupQueries;
import dev.cpg.client.internal.cpg.membership.JoinAndLeave;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.membership.SuspectCheck;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.cpg.send.BatchHelpers;
import dev.cpg.client.internal.cpg.send.BatchSender;
import dev.cpg.client.internal.cpg.send.DuplicateGate;
import dev.cpg.client.internal.cpg.send.FrameSender;
import dev.cpg.client.internal.cpg.send.Multicaster;
import dev.cpg.client.internal.cpg.send.WaitingBatches;
import dev.cpg.client.internal.ipc.AnnounceRetry;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Liveness;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the daemon's CPG service and the one membership that corosync allows
 * on it, with at most three threads of its own:
 * <ul>
 * <li>{@code reader} opens the transport, reads events while the delivery thread cannot,
 * and gives the transport back at the end. It runs no user code.</li>
 * <li>{@code delivery} calls the listener; on shared memory it also reads the events,
 * while it is not held up. See {@link EventPump}.</li>
 * <li>{@code outcomes} reports the outcomes of sends, and so runs what depends on them;
 * see {@link OutcomeDispatcher}.</li>
 * </ul>
 * Each blocks while there is nothing to do. What must happen at a time is run by the
 * {@link SharedTimer}.
 */
public final class CpgSession {

	private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);

	private final ConnectionThreads threads;

	private final IpcConnection connection;

	private final MembershipState membership;

	private final ContentHash contentHash = new ContentHash();

	private final DroppedMessages dropped;

	private final Reassembler reassembly;

	private final @Nullable BatchReader batchReader;

	private final OutcomeDispatcher outcomes;

	private final PendingSends pending;

	private final ListenerDispatcher dispatcher;

	private final @Nullable WaitingBatches batches;

	private final Multicaster multicaster;

	private final GroupQueries queries;

	private final JoinAndLeave joinAndLeave;

	private final EventPump pump;

	private final AnnounceRetry announceRetry;

	private final Alarm expiry;

	private final Alarm outcomeLook;

	private final Alarm batchLook;

	private final Liveness liveness;

	/** Made while there is memory for it. */
	private final CorosyncException lost = new CorosyncException(CsError.LIBRARY,
			"The connection to corosync was lost in reading events");

	private final CountDownLatch released = new CountDownLatch(1);

	/**
	 * Creates one.
	 * @param transport the connection to the daemon, which the session closes
	 * @param localAddress this node, and what other members see as this member's process
	 * id
	 * @param ordering finds out whether what this node's daemon sends is ordered
	 */
	public CpgSession(SessionSettings settings, ConnectionThreads threads, IpcTransport transport, Receiver receiver,
			CpgAddress localAddress, Predicate<Deadline> ordering) {
		this.threads = threads;
		SharedTimer timer = threads.timer();
		this.announceRetry = new AnnounceRetry(timer, this::tryAnnounce, this::hasUnannounced, this::timerFailed);
		this.expiry = new Alarm(timer, this::expire, this::timerFailed);
		this.outcomeLook = new Alarm(timer, this::lookAfterOutcomes, this::timerFailed);
		this.batchLook = new Alarm(timer, this::lookAfterBatches, this::timerFailed);
		this.connection = IpcConnection.withEvents(transport, this.announceRetry, this::onEnd);
		this.liveness = new Liveness(timer, this.connection, CpgRequests.localNode(), settings.livenessInterval(),
				settings.requestTimeout(), silence(settings), this::timerFailed);
		this.outcomes = new OutcomeDispatcher((task) -> threads.start("outcomes", task), threads.executor(),
				this.outcomeLook::wakeBy);
		this.pending = new PendingSends(this.outcomes::add, this.expiry::wakeBy);
		this.queries = new GroupQueries(this.connection, settings.requestTimeout());
		this.membership = new MembershipState(localAddress);
		this.joinAndLeave = new JoinAndLeave(this.connection, this.queries, this.membership, localAddress, ordering,
				settings);
		this.dropped = new DroppedMessages(this.membership::group, settings.names());
		this.reassembly = new Reassembler(localAddress, settings.maxMessageSize(), settings.reassemblyCapacity(),
				this.dropped);
		this.dispatcher = new ListenerDispatcher(receiver.listener(), this.membership,
				(fault) -> this.connection.lost("reading events", fault));
		DuplicateGate duplicateGate = new DuplicateGate(this.connection, this.pending, this.outcomes);
		FrameSender frames = new FrameSender(this.connection, this.membership, this.pending, duplicateGate,
				this.contentHash);
		BatchAgreement agreement = new BatchAgreement(localAddress);
		Helpers helpers = new Helpers();
		this.batches = (settings.batchSize() > 0) ? new WaitingBatches(this.connection, this.membership, this.pending,
				agreement, frames, helpers, settings.batchSize()) : null;
		this.multicaster = new Multicaster(this.connection, this.membership, this.pending, duplicateGate,
				this.contentHash, settings, frames, (this.batches != null)
						? new BatchSender(this.connection, this.membership, agreement, this.batches, helpers) : null);
		this.batchReader = (this.batches != null) ? new BatchReader(agreement, this.batches, this.dropped) : null;
		MessageDecoder messages = new MessageDecoder(this.membership, this.pending, this.contentHash, this.reassembly,
				this.dropped, this.batchReader);
		ViewTracker views = new ViewTracker(this.membership,
				new SuspectCheck(this.queries::membershipAcrossRings, threads.helpers()), settings,
				receiver.freshness(), messages);
		EventDecoder decoder = new EventDecoder(views, messages);
		this.pump = new EventPump(this.connection, this.membership, decoder, this.dispatcher, receiver,
				new BurstFlush(this.pending, this.outcomes, this.connection, this::advanceBatches), settings);
	}

	private static CorosyncException silence(SessionSettings settings) {
		return new CorosyncException(CsError.TIMEOUT,
				"Corosync has not answered within %d ms: it hangs, or this node is overloaded; the connection was closed (%s)"
					.formatted(settings.requestTimeout().toMillis(),
							settings.nameOf(CorosyncSetting.LIVENESS_INTERVAL)),
				CorosyncSetting.LIVENESS_INTERVAL, null);
	}

	private void onEnd() {
		this.pump.removeBound();
	}

	/**
	 * Starts the other threads, reads while the delivery thread cannot, and gives
	 * everything back at the end. For the thread that opened the transport.
	 */
	public void run() {
		boolean delivers = false;
		try {
			delivers = start();
			this.pump.read();
		}
		finally {
			try {
				this.connection.close(this.lost);
			}
			finally {
				this.released.countDown();
				finish(delivers);
			}
		}
	}

	/** Returns whether the delivery thread was started. */
	private boolean start() {
		try {
			alarms().forEach(this.threads.timer()::add);
			this.liveness.start();
			this.outcomes.start();
			// The last one, as it may own the reading.
			this.threads.start("delivery", this.pump::deliver);
			return true;
		}
		catch (Throwable ex) {
			endAfter("starting", ex);
			this.pump.abandon();
			return false;
		}
	}

	private List<Alarm> alarms() {
		return List.of(this.announceRetry.alarm(), this.expiry, this.outcomeLook, this.batchLook,
				this.liveness.alarm());
	}

	/** Ends the connection for what nobody else caught, such as a lack of memory. */
	private void endAfter(String what, Throwable ex) {
		try {
			this.connection.lost(what, ex);
		}
		catch (Throwable again) {
			this.connection.end(this.lost);
		}
	}

	private boolean tryAnnounce() {
		boolean batchesLeft = advanceBatches();
		return this.connection.tryAnnounce() && !batchesLeft;
	}

	private boolean hasUnannounced() {
		return this.connection.hasUnannounced()
				|| (this.batches != null && this.batches.isDue() && !this.connection.isEnded());
	}

	/** Returns whether something waits in batches that could not be sent. */
	private boolean advanceBatches() {
		return this.batches != null && !this.batches.advance();
	}

	private long expire(long now) {
		long next = this.pending.expire(now);
		if (this.batches != null) {
			next = Math.min(next, this.batches.expire(now));
		}
		this.outcomes.flush();
		return next;
	}

	private long lookAfterOutcomes(long now) {
		return this.outcomes.look(now);
	}

	private long lookAfterBatches(long now) {
		return (this.batches != null) ? this.batches.look(now) : Alarm.NEVER;
	}

	private void timerFailed(Throwable ex) {
		endAfter("keeping time", ex);
	}

	/** The listener comes first: what depends on an outcome may take its time. */
	private void finish(boolean delivers) {
		CorosyncException cause = this.connection.endCause();
		this.pump.interceptEnd(cause);
		try {
			this.membership.ended(
					(cause != null) ? cause : new CorosyncException(CsError.BAD_HANDLE, "The connection was closed"));
			this.pending.allUnknown((cause != null) ? "the connection ended" : "the connection was closed", cause);
			if (this.batches != null) {
				this.batches.end();
			}
		}
		finally {
			try {
				this.pump.end(cause);
				if (!delivers) {
					// No thread was available: the listener is notified here.
					this.pump.deliver();
				}
			}
			finally {
				finishOutcomes();
			}
		}
	}

	private void finishOutcomes() {
		try {
			this.outcomes.end();
		}
		finally {
			awaitOutcomes();
		}
	}

	private void awaitOutcomes() {
		try {
			this.outcomes.awaitReported();
		}
		finally {
			this.threads.timer().remove(this.announceRetry.alarm());
			this.threads.timer().remove(this.expiry);
			this.threads.timer().remove(this.outcomeLook);
			this.threads.timer().remove(this.batchLook);
			this.threads.timer().remove(this.liveness.alarm());
		}
	}

	/**
	 * Nobody waits for it any more. For the thread that opened the transport, instead of
	 * {@link #run}.
	 */
	public void abandon() {
		this.connection.close(null);
	}

	public void join(CpgGroupName group, Duration timeout) {
		requireOtherThread("join");
		this.connection.requireOpen("join " + group);
		this.joinAndLeave.join(group, timeout);
	}

	public void leave(Duration timeout) {
		requireOtherThread("leave");
		this.connection.requireOpen("leave");
		Deadline deadline = Deadline.in(timeout);
		this.multicaster.sendAll(deadline);
		this.joinAndLeave.leave(Duration.ofNanos(Math.max(0, deadline.remainingNanos())));
	}

	/** Returns whether the group was left, after which corosync allows no other join. */
	public boolean isSpent() {
		return this.membership.isLeft();
	}

	public Multicaster multicaster() {
		return this.multicaster;
	}

	public GroupQueries queries() {
		return this.queries;
	}

	public IpcConnection connection() {
		return this.connection;
	}

	public CpgAddress localAddress() {
		return this.membership.localAddress();
	}

	public CpgFlowControl flowControl() {
		return switch (this.connection.sends().flowControl()) {
			case OPEN -> CpgFlowControl.OPEN;
			case REQUESTS_ONLY -> CpgFlowControl.NO_MULTICAST;
			case CLOSED -> CpgFlowControl.CLOSED;
		};
	}

	public CpgView view() {
		return (this.connection.isEnded() || this.membership.isLeft()) ? CpgView.NONE : this.dispatcher.view();
	}

	public void post(Runnable call) {
		this.pump.post(call);
	}

	public CpgDeliveryStatistics statistics() {
		return new CpgDeliveryStatistics(this.pump.queuedBytes(), Duration.ofNanos(this.pump.lagNanos()),
				this.dropped.count(), this.reassembly.bytes());
	}

	public CpgBatchStatistics batchStatistics() {
		BatchReader reader = this.batchReader;
		return (this.batches != null && reader != null)
				? reader.statistics(this.batches.sent(), this.batches.sentMessages()) : CpgBatchStatistics.NONE;
	}

	/**
	 * Ends it, and waits until what it holds is given back, unless the listener calls.
	 */
	public void close() {
		if (this.batches != null) {
			this.batches.flush();
		}
		this.connection.end(null);
		if (!this.pump.isDeliveryThread()) {
			// An interrupt does not cut it short: what is given back must not be in use.
			Deadline.in(RELEASE_LIMIT).await(this.released);
		}
	}

	/** Ends it and does not notify the listener: another session takes its place. */
	public void retire() {
		this.dispatcher.retire();
		close();
	}

	/** Waits until the listener was notified of everything, the end included. */
	public boolean awaitDelivered(Deadline deadline) {
		return this.pump.awaitDelivered(deadline);
	}

	public void requireOtherThread(String what) {
		if (this.pump.isDeliveryThread()) {
			throw new CorosyncException(CsError.BAD_OPERATION, "A listener cannot " + what
					+ ": it would wait for an event that comes after the one it was called for");
		}
	}

	/** What the batches have other parts do. */
	private final class Helpers implements BatchHelpers {

		@Override
		public void later() {
			CpgSession.this.announceRetry.announceLater();
		}

		@Override
		public void lookBy(long nanoTime) {
			CpgSession.this.batchLook.wakeBy(nanoTime);
		}

		@Override
		public void expireBy(long nanoTime) {
			CpgSession.this.expiry.wakeBy(nanoTime);
		}

		@Override
		public boolean beginWait() {
			boolean listener = CpgSession.this.pump.isDeliveryThread();
			if (listener) {
				CpgSession.this.pump.exceedBound(true);
			}
			return listener;
		}

		@Override
		public void endWait(boolean listener) {
			if (listener) {
				CpgSession.this.pump.exceedBound(false);
			}
		}

	}

}
