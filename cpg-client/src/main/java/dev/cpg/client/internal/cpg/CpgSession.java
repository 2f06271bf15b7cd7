package dev.cpg.client.internal.cpg;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgDeliveryStatistics;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.concurrent.Threads;
import dev.cpg.client.internal.concurrent.Timer;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.transport.IpcTransport;

/**
 * One connection to the daemon's CPG service and the one membership that corosync allows
 * on it, with five threads of its own:
 * <ul>
 * <li>{@code session} opens the transport, sees to the end and gives it back.</li>
 * <li>{@code delivery} calls the listener; on shared memory it also reads the events,
 * while it is not held up. See {@link EventPump}.</li>
 * <li>{@code reader} reads them otherwise, and runs no user code.</li>
 * <li>{@code outcomes} completes the futures of sends, and so runs what depends on
 * them.</li>
 * <li>{@code timer} does what must happen at a time; see {@link Timer}.</li>
 * </ul>
 * Each blocks while there is nothing to do. All of them end with the session: the reader
 * first, the others when they have told what is left to tell.
 */
public final class CpgSession {

	private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);

	private final Threads threads;

	private final IpcConnection link;

	private final MembershipState membership;

	private final ContentHash contentHash = new ContentHash();

	private final DroppedMessages dropped;

	private final Reassembler reassembly;

	private final OutcomeDispatcher outcomes;

	private final PendingSends pending;

	private final ListenerDispatcher dispatcher;

	private final Multicaster multicaster;

	private final GroupQueries queries;

	private final JoinAndLeave joinAndLeave;

	private final Timer timer = new Timer(new TimerWork());

	private final EventPump pump;

	/** Made while there is memory for it. */
	private final CorosyncException lost = new CorosyncException(CsError.LIBRARY,
			"The connection to corosync was lost in reading events");

	private final CountDownLatch released = new CountDownLatch(1);

	/** Whether the delivery thread was started. */
	private boolean delivers;

	/**
	 * Creates one.
	 * @param transport the connection to the daemon, which the session closes
	 * @param localAddress this node, and what other members see as this member's process
	 * id
	 * @param ordering finds out whether what this node's daemon sends is ordered
	 */
	public CpgSession(SessionSettings settings, Threads threads, IpcTransport transport, CpgListener listener,
			CpgAddress localAddress, Predicate<Deadline> ordering) {
		this.threads = threads;
		this.link = IpcConnection.withEvents(transport, this.timer::announceSoon, this::onEnd);
		this.outcomes = new OutcomeDispatcher((task) -> threads.start("outcomes", task), this.timer::relieveSoon);
		this.pending = new PendingSends(this.outcomes::add);
		this.queries = new GroupQueries(this.link, settings.requestTimeout());
		this.membership = new MembershipState(localAddress);
		this.joinAndLeave = new JoinAndLeave(this.link, this.queries, this.membership, localAddress, ordering,
				settings);
		this.dropped = new DroppedMessages(this.membership::group, settings.names());
		this.reassembly = new Reassembler(localAddress, settings.maxMessageSize(), settings.reassemblyCapacity(),
				this.dropped);
		this.dispatcher = new ListenerDispatcher(listener, this.membership,
				(fault) -> this.link.lost("reading events", fault));
		this.multicaster = new Multicaster(this.link, this.timer::expireLater, this.membership, this.pending,
				new DuplicateGate(this.link, this.pending, this.outcomes), this.contentHash, settings);
		MessageDecoder messages = new MessageDecoder(this.membership, this.pending, this.contentHash, this.reassembly,
				this.dropped);
		ViewTracker views = new ViewTracker(this.membership,
				new SuspectCheck(this.queries::membership, HelperThreads.SHARED), settings, messages);
		EventDecoder decoder = new EventDecoder(views, messages);
		this.pump = new EventPump(this.link, this.membership, decoder, this.dispatcher,
				new BurstFlush(this.pending, this.outcomes, this.link), settings);
	}

	private void onEnd() {
		this.timer.stop();
		this.pump.removeBound();
	}

	/**
	 * Starts the other threads and waits for the end of the reading, to see to what is
	 * left.
	 */
	public void run() {
		boolean reads = false;
		try {
			this.threads.start("reader", this.pump::read);
			reads = true;
			this.outcomes.start();
			this.threads.start("timer", this::keepTime);
			// The last one, which may own the reading: if it cannot be started, nobody
			// reads.
			this.threads.start("delivery", this.pump::deliver);
			this.delivers = true;
		}
		catch (Throwable ex) {
			endAfter("starting", ex);
			this.pump.abandon(reads);
		}
		// What unmaps memory must not be in the middle of reading it, nor be the thread
		// that is told, "at some later time", of a fault in doing so.
		this.pump.awaitReadingEnd();
		try {
			this.link.close(this.lost);
		}
		finally {
			this.released.countDown();
			tellEnd();
		}
	}

	/** Ends the link for what nobody else caught, such as a lack of memory. */
	private void endAfter(String what, Throwable ex) {
		try {
			this.link.lost(what, ex);
		}
		catch (Throwable again) {
			this.link.end(this.lost);
		}
	}

	private void keepTime() {
		try {
			this.timer.run();
		}
		catch (Throwable ex) {
			endAfter("keeping time", ex);
		}
	}

	/** The listener comes first: what depends on an outcome may take its time. */
	private void tellEnd() {
		CorosyncException cause = this.link.endCause();
		try {
			this.membership.ended(
					(cause != null) ? cause : new CorosyncException(CsError.BAD_HANDLE, "The connection was closed"));
			this.pending.allUnknown((cause != null) ? "the connection ended" : "the connection was closed", cause);
		}
		finally {
			try {
				this.pump.end(cause);
				if (!this.delivers) {
					// There was no thread to be had for it; the listener is notified
					// here.
					this.pump.deliver();
				}
			}
			finally {
				this.outcomes.end();
				this.outcomes.awaitTold();
			}
		}
	}

	/**
	 * Nobody waits for it any more. For the session's thread, instead of {@link #run}.
	 */
	public void abandon() {
		this.link.close(null);
	}

	public void join(CpgGroupName group, Duration timeout) {
		requireOtherThread("join");
		this.joinAndLeave.join(group, timeout);
	}

	public void leave(Duration timeout) {
		requireOtherThread("leave");
		this.joinAndLeave.leave(timeout);
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

	public IpcConnection link() {
		return this.link;
	}

	public CpgAddress localAddress() {
		return this.membership.localAddress();
	}

	public CpgFlowControl flowControl() {
		return switch (this.link.sends().flowControl()) {
			case OPEN -> CpgFlowControl.OPEN;
			case REQUESTS_ONLY -> CpgFlowControl.NO_MULTICAST;
			case CLOSED -> CpgFlowControl.CLOSED;
		};
	}

	public CpgView view() {
		return (this.link.isEnded() || this.membership.isLeft()) ? CpgView.NONE : this.dispatcher.view();
	}

	public CpgDeliveryStatistics statistics() {
		return new CpgDeliveryStatistics(this.pump.queuedBytes(), Duration.ofNanos(this.pump.lagNanos()),
				this.dropped.count(), this.reassembly.bytes());
	}

	/**
	 * Ends it, and waits until what it holds is given back, unless the listener calls.
	 */
	public void close() {
		this.link.end(null);
		if (!this.pump.isDeliveryThread()) {
			// An interrupt does not cut it short: what is given back must not be in use.
			Deadline.in(RELEASE_LIMIT).await(this.released);
		}
	}

	/** Ends it without a word to the listener: another takes its place. */
	public void retire() {
		this.dispatcher.retire();
		close();
	}

	/** Waits until the listener was notified of everything, the end included. */
	public boolean awaitTold(Deadline deadline) {
		return this.pump.awaitDelivered(deadline);
	}

	public void requireOtherThread(String what) {
		if (this.pump.isDeliveryThread()) {
			throw new CorosyncException(CsError.BAD_OPERATION, "A listener cannot " + what
					+ ": it would wait for an event that comes after the one it was called for");
		}
	}

	private final class TimerWork implements Timer.Work {

		@Override
		public boolean announce() {
			return CpgSession.this.link.tryAnnounce();
		}

		@Override
		public boolean hasUnannounced() {
			return CpgSession.this.link.hasUnannounced();
		}

		@Override
		public long expire(long now) {
			long next = CpgSession.this.pending.expire(now);
			CpgSession.this.outcomes.flush();
			return next;
		}

		@Override
		public long relieve() {
			return CpgSession.this.outcomes.relieve();
		}

	}

}
