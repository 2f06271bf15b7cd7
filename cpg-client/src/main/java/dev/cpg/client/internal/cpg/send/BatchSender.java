package dev.cpg.client.internal.cpg.send;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.batch.OwnBatches;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.outcome.SentBatch;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.AnnounceTimer;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.SendGate;
import dev.cpg.client.internal.ipc.SendSlot;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages in batches: what comes while the daemon has not begun with the last
 * multicast goes together, as soon as it has. Whoever may notice that sends it: the next
 * sender, the thread that reads events, and the timer.
 * <p>
 * The order of a sender's messages is that of its calls, whatever happens to the batches.
 * So while any is undecided, nothing goes by itself: the batch might come back stale, and
 * then its messages come behind. Once the epoch has ended, nothing new goes before those
 * have gone. An announcement is sent after all that was sent in the former epoch, so when
 * it comes back, all of that was decided.
 * <p>
 * All of it but what {@link OwnBatches} is notified of is done with the right to send.
 */
public final class BatchSender implements OwnBatches, SentBatch.Owner {

	/** Stands for a message that is to be sent by itself, without a batch. */
	static final SendFuture BY_ITSELF = new SendFuture(0, 0, 0);

	private static final String MULTICAST = "multicast";

	private static final long ANNOUNCEMENT_NANOS = Duration.ofSeconds(1).toNanos();

	private static final long PATIENCE_NANOS = Duration.ofMillis(100).toNanos();

	private final IpcConnection connection;

	private final SendGate gate;

	private final MembershipState membership;

	private final PendingSends pending;

	private final BatchAgreement agreement;

	private final FrameSender frames;

	private final AnnounceTimer timer;

	private final Consumer<SendFuture> outcomes;

	private final LongConsumer expireBy;

	private final OpenBatch open;

	/** Those that came back stale, in the order sent. */
	private final Queue<StaleBatch> stale = new ConcurrentLinkedQueue<>();

	/** How many batches were begun; all but those {@link #settled} are undecided. */
	private final AtomicLong begun = new AtomicLong();

	/** How many of them were decided, or sent again message by message. */
	private final AtomicLong settled = new AtomicLong();

	/** How many are under way. */
	private final AtomicInteger underWay = new AtomicInteger();

	/** Grows from one life of this member to the next, too. */
	private long number = System.currentTimeMillis() << 20;

	/** Whether an announcement is under way. */
	private volatile boolean announcing;

	/** Whether one is needed that says nothing. */
	private volatile boolean fence;

	/** Whether somebody looked who had no right to send. */
	private volatile boolean missed;

	/** Whether nothing is sent any more. */
	private volatile boolean over;

	private volatile @Nullable Thread waiting;

	/** The one that came back just now; for the thread that reads events. */
	private @Nullable SentBatch returned;

	public BatchSender(IpcConnection connection, MembershipState membership, PendingSends pending,
			BatchAgreement agreement, FrameSender frames, AnnounceTimer timer, Consumer<SendFuture> outcomes,
			LongConsumer expireBy, int size) {
		this.connection = connection;
		this.gate = connection.sends();
		this.membership = membership;
		this.pending = pending;
		this.agreement = agreement;
		this.frames = frames;
		this.timer = timer;
		this.outcomes = outcomes;
		this.expireBy = expireBy;
		this.open = new OpenBatch(size);
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
		if (isPlain()) {
			return BY_ITSELF;
		}
		SendFuture sent = trySend(message, writer, length, deadline, waits);
		if (sent == null && waits) {
			Deadline limit = Deadline.at(deadline);
			long since = System.nanoTime();
			while (sent == null) {
				since = rest(limit, since);
				sent = trySend(message, writer, length, deadline, true);
			}
		}
		return sent;
	}

	/** Returns whether no batch is undecided. */
	boolean isIdle() {
		return this.settled.get() == this.begun.get();
	}

	/** Returns whether nobody batches, and nothing is left of what was. */
	private boolean isPlain() {
		return isIdle() && this.agreement.epoch() == BatchAgreement.NONE;
	}

	/**
	 * Waits until what was sent before in batches is decided, for what cannot be in one.
	 * @throws CorosyncException with {@link CsError#TRY_AGAIN} if it is not in time,
	 * {@link CsError#INTERRUPT} if the thread is interrupted
	 */
	void awaitDecided(Deadline limit) {
		long before = this.begun.get();
		long since = System.nanoTime();
		while (this.settled.get() < before) {
			flush();
			since = rest(limit, since);
		}
	}

	private long rest(Deadline limit, long since) {
		this.connection.requireOpen(MULTICAST);
		if (limit.isOver() || Thread.currentThread().isInterrupted()) {
			throw SendGate.notSent(CsError.TRY_AGAIN);
		}
		long now = System.nanoTime();
		boolean patient = now - since <= PATIENCE_NANOS;
		if (!patient && this.underWay.get() > 0) {
			// What comes back proves that those before it are lost.
			this.fence = true;
			advance();
		}
		this.connection.announce();
		this.waiting = Thread.currentThread();
		limit.rest();
		this.waiting = null;
		return patient ? since : now;
	}

	private @Nullable SendFuture trySend(byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length,
			long deadline, boolean waits) {
		if (!this.gate.enter(MULTICAST, waits ? deadline : SendGate.NO_WAIT)) {
			return null;
		}
		SendFuture sent = null;
		try {
			this.membership.requireJoined();
			sendStale();
			long epoch = this.agreement.epoch();
			if (isIdle() && (epoch == BatchAgreement.NONE || this.gate.isPrompt(MULTICAST))) {
				sent = BY_ITSELF;
			}
			else if (epoch != BatchAgreement.NONE && this.stale.isEmpty()) {
				sent = add(message, writer, length, deadline);
			}
		}
		finally {
			this.gate.exit(MULTICAST);
		}
		if (sent != BY_ITSELF) {
			afterExit();
		}
		return sent;
	}

	private void afterExit() {
		this.connection.announce();
		if (this.missed) {
			this.missed = false;
			advance();
		}
		if (hasWork()) {
			this.timer.announceLater();
		}
	}

	private @Nullable SendFuture add(byte @Nullable [] message, @Nullable CpgMessageWriter writer, int length,
			long deadline) {
		if (!this.open.hasRoomFor(length) && !commit()) {
			return null;
		}
		this.open.write(message, writer, length);
		SendFuture future = new SendFuture(length, 0, deadline);
		SentBatch batch = this.open.batch();
		if (batch == null) {
			batch = new SentBatch(this);
			this.begun.incrementAndGet();
			this.open.begin(batch);
		}
		this.open.add(batch, future, length);
		this.expireBy.accept(deadline);
		if (this.over) {
			batch.lose(this.outcomes);
		}
		else if (this.open.isFull() || this.gate.isPrompt(MULTICAST)) {
			commit();
		}
		return future;
	}

	/**
	 * Sends the open batch, if there is one.
	 * @return whether there is none any more
	 */
	private boolean commit() {
		SentBatch batch = this.open.batch();
		if (batch == null) {
			return true;
		}
		long epoch = this.agreement.epoch();
		if (epoch == BatchAgreement.NONE) {
			return false;
		}
		if (!commit(batch, epoch, this.open.bytes(), this.open.length(), this.open.count())) {
			return false;
		}
		this.open.clear();
		return true;
	}

	private boolean commit(SentBatch batch, long epoch, byte[] bytes, int length, int count) {
		SendSlot slot = this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + length);
		if (slot == null) {
			return false;
		}
		this.number++;
		BatchFormat.writeHead(bytes, length, this.membership.localAddress(), BatchFormat.BATCH, this.number, epoch,
				count);
		CpgRequests.writeMulticastHeader(slot.frame(), length);
		slot.frame().putBytes(CpgRequests.MULTICAST_HEADER, bytes, 0, length);
		batch.identify(length, BatchFormat.hash(this.number));
		this.underWay.incrementAndGet();
		commit(slot, batch);
		return true;
	}

	private void commit(SendSlot slot, SendFuture future) {
		try {
			this.frames.commit(slot, future);
		}
		catch (CorosyncException ex) {
			// The end was reported already.
			this.pending.unknown(future, ex);
			throw ex;
		}
	}

	/** Sends what came back stale, as far as there is room. */
	private void sendStale() {
		SentBatch begun = this.open.batch();
		if (begun != null && this.agreement.epoch() == BatchAgreement.NONE && this.underWay.get() == 0) {
			// Its messages go after those that came back stale.
			this.stale
				.add(new StaleBatch(begun, Arrays.copyOf(this.open.bytes(), this.open.length()), this.open.count()));
			this.open.clear();
		}
		for (StaleBatch first = this.stale.peek(); first != null; first = this.stale.peek()) {
			long epoch = this.agreement.epoch();
			if (first.isOver()) {
				this.settled.incrementAndGet();
			}
			else if (first.isWhole() && epoch != BatchAgreement.NONE) {
				if (!commit(first.batch().again(), epoch, first.bytes(), first.bytes().length, first.left())) {
					return;
				}
			}
			else if (this.underWay.get() > 0 || !sendFirst(first)) {
				// What is under way comes back stale, too, and comes before.
				return;
			}
			else {
				continue;
			}
			this.stale.remove();
		}
	}

	/** Sends the first of the messages by itself. */
	private boolean sendFirst(StaleBatch batch) {
		SendSlot slot = this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + batch.length());
		if (slot == null) {
			return false;
		}
		byte[] message = Arrays.copyOfRange(batch.bytes(), batch.from(), batch.from() + batch.length());
		SendFuture future = Objects.requireNonNull(batch.batch().peek());
		if (!this.frames.write(slot, message, future)) {
			return false;
		}
		batch.poll();
		commit(slot, future);
		return true;
	}

	/**
	 * Sends the announcement that is due, or one that says nothing: when it comes back,
	 * what was sent before is decided.
	 */
	private void sendAnnouncement() {
		if (!hasAnnouncement()) {
			return;
		}
		SendSlot slot = this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + BatchFormat.HEAD);
		if (slot == null) {
			return;
		}
		boolean due = this.agreement.isDue();
		byte[] bytes = new byte[BatchFormat.HEAD];
		this.number++;
		BatchFormat.writeHead(bytes, BatchFormat.HEAD, this.membership.localAddress(), BatchFormat.ANNOUNCEMENT,
				this.number, due ? this.agreement.announce() : 0, due ? BatchFormat.READS : 0);
		SendFuture future = new SentAnnouncement(BatchFormat.HEAD, 0, System.nanoTime() + ANNOUNCEMENT_NANOS,
				(delivered) -> announced(due, delivered));
		this.frames.write(slot, bytes, future);
		this.fence = false;
		this.announcing = true;
		commit(slot, future);
	}

	private boolean hasAnnouncement() {
		return (this.fence || this.agreement.isDue()) && !this.announcing && this.membership.isJoined();
	}

	private void announced(boolean due, boolean delivered) {
		if (due && !delivered) {
			this.agreement.announceAgain();
		}
		this.announcing = false;
	}

	/** Returns whether something is to be sent as soon as the daemon takes it. */
	public boolean hasWork() {
		return !this.over && (this.open.batch() != null || !this.stale.isEmpty() || hasAnnouncement());
	}

	/**
	 * Sends what the daemon takes now. For any thread that notices that it may do so.
	 * @return whether nothing is left
	 */
	public boolean advance() {
		return !hasWork() || work(false);
	}

	/** Sends what is open, though the daemon may not have taken what came before. */
	public void flush() {
		if (hasWork()) {
			work(true);
		}
	}

	private boolean work(boolean all) {
		if (!tryEnter()) {
			this.missed = true;
			if (!tryEnter()) {
				this.timer.announceLater();
				return false;
			}
		}
		try {
			sendAnnouncement();
			sendStale();
			if (this.stale.isEmpty() && (all || this.open.isFull() || this.gate.isPrompt(MULTICAST))) {
				commit();
			}
		}
		catch (CorosyncException ex) {
			// The futures complete with it.
			return true;
		}
		finally {
			this.gate.exit(MULTICAST);
		}
		this.connection.announce();
		LockSupport.unpark(this.waiting);
		return !hasWork();
	}

	private boolean tryEnter() {
		return !this.connection.isEnded() && this.gate.enter(MULTICAST, SendGate.NO_WAIT);
	}

	/**
	 * Sends what waits, and waits until all batches are decided, at most for half of a
	 * limit: what waits any longer is lost with the leave.
	 */
	public void sendAll(Deadline limit) {
		long half = System.nanoTime() + limit.remainingNanos() / 2;
		try {
			awaitDecided(Deadline.at(half));
		}
		catch (CorosyncException ex) {
			// Also if the thread is interrupted: the leave is not.
		}
	}

	@Override
	public void delivered(long number, int length, CpgView view) {
		this.pending.delivered(length, BatchFormat.hash(number), view);
		advance();
	}

	@Override
	public void stale(long number, int length, byte[] bytes) {
		this.returned = null;
		this.pending.delivered(length, BatchFormat.hash(number), SentBatch.STALE);
		SentBatch batch = this.returned;
		if (batch != null) {
			byte[] copy = Arrays.copyOf(bytes, length);
			this.stale.add(new StaleBatch(batch, copy, BatchFormat.count(copy)));
			this.underWay.decrementAndGet();
		}
	}

	@Override
	public void stale(SentBatch batch) {
		this.returned = batch;
	}

	@Override
	public void settled() {
		this.underWay.decrementAndGet();
		this.settled.incrementAndGet();
	}

	/** Gives up messages that wait here and are past their time limits. */
	public long expire(long now) {
		long next = Long.MAX_VALUE;
		SentBatch open = this.open.batch();
		if (open != null) {
			next = open.expire(now, this.outcomes);
		}
		for (StaleBatch batch : this.stale) {
			next = Math.min(next, batch.batch().expire(now, this.outcomes));
		}
		return next;
	}

	@Override
	public void left() {
		end();
	}

	/** Nothing is sent any more: what waits here is lost. */
	public void end() {
		this.over = true;
		SentBatch open = this.open.batch();
		if (open != null) {
			open.lose(this.outcomes);
		}
		this.stale.forEach((batch) -> batch.batch().lose(this.outcomes));
	}

}
