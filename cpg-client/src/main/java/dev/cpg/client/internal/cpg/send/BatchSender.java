package dev.cpg.client.internal.cpg.send;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

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
 * then its messages come behind. And while batches of one epoch are under way, none of
 * another one is sent, nor anything else.
 * <p>
 * All of it but what {@link OwnBatches} is notified of is done with the right to send.
 */
public final class BatchSender implements OwnBatches, SentBatch.Owner {

	/** Stands for a message that is to be sent by itself, without a batch. */
	static final SendFuture BY_ITSELF = new SendFuture(0, 0, 0);

	private static final String MULTICAST = "multicast";

	/** After this time without a batch that came back, something is sent behind it. */
	private static final long PATIENCE_NANOS = Duration.ofMillis(100).toNanos();

	/** When to try again to get the right to send. */
	private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();

	private final IpcConnection connection;

	private final SendGate gate;

	private final MembershipState membership;

	private final PendingSends pending;

	private final BatchAgreement agreement;

	private final FrameSender frames;

	private final BatchHelpers helpers;

	private final OpenBatch open;

	private final StaleBatches stale = new StaleBatches();

	private final Announcements announcements;

	/** How many batches were begun; all but those {@link #settled} are undecided. */
	private final AtomicLong begun = new AtomicLong();

	/** How many of them were decided, or sent again message by message. */
	private final AtomicLong settled = new AtomicLong();

	/** How many are under way, all in one epoch. */
	private final AtomicInteger underWay = new AtomicInteger();

	private long epochUnderWay;

	/** When a batch was sent, or a sign for one that did not come back. */
	private volatile long sentAt;

	/** Grows from one life of this member to the next, too. */
	private long number = System.currentTimeMillis() << 20;

	/** Whether somebody looked who had no right to send. */
	private volatile boolean missed;

	/** Whether a sender had to wait. */
	private volatile boolean wanted;

	/** Whether nothing is sent any more. */
	private volatile boolean over;

	private volatile @Nullable Thread waiting;

	/** The one that came back just now; for the thread that reads events. */
	private @Nullable SentBatch returned;

	/**
	 * Creates one.
	 * @param size how many bytes a batch of several messages has at most
	 */
	public BatchSender(IpcConnection connection, MembershipState membership, PendingSends pending,
			BatchAgreement agreement, FrameSender frames, BatchHelpers helpers, int size) {
		this.connection = connection;
		this.gate = connection.sends();
		this.membership = membership;
		this.pending = pending;
		this.agreement = agreement;
		this.frames = frames;
		this.helpers = helpers;
		this.open = new OpenBatch(Math.min(size, connection.maxFrameSize() - CpgRequests.RESERVED));
		this.announcements = new Announcements(agreement, membership.localAddress(), helpers::later);
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
		SendFuture sent = trySend(message, writer, length, deadline, waits);
		if (sent != null || !waits) {
			return sent;
		}
		boolean listener = this.helpers.beginWait();
		try {
			Deadline limit = Deadline.at(deadline);
			while (sent == null) {
				rest(limit);
				sent = trySend(message, writer, length, deadline, true);
			}
			return sent;
		}
		finally {
			this.helpers.endWait(listener);
		}
	}

	/** Returns whether no batch is undecided. */
	boolean isIdle() {
		return this.settled.get() == this.begun.get();
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
		long before = this.begun.get();
		if (this.settled.get() >= before) {
			return;
		}
		boolean listener = this.helpers.beginWait();
		try {
			while (this.settled.get() < before) {
				this.wanted = true;
				flush();
				rest(limit);
			}
		}
		finally {
			this.helpers.endWait(listener);
		}
	}

	private void rest(Deadline limit) {
		this.connection.requireOpen(MULTICAST);
		if (limit.isOver() || Thread.currentThread().isInterrupted()) {
			throw SendGate.notSent(CsError.TRY_AGAIN);
		}
		advance();
		this.connection.announce();
		this.waiting = Thread.currentThread();
		limit.rest();
		this.waiting = null;
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
			long epoch = epoch();
			if (isIdle() && (epoch == BatchAgreement.NONE || this.gate.isPrompt(MULTICAST))) {
				sent = BY_ITSELF;
			}
			else if (epoch != BatchAgreement.NONE && this.stale.isEmpty()) {
				sent = add(epoch, message, writer, length, deadline);
			}
			this.wanted |= sent == null;
		}
		finally {
			this.gate.exit(MULTICAST);
		}
		if (sent != BY_ITSELF) {
			afterExit();
		}
		return sent;
	}

	/** Returns the epoch to send batches in: none while others are under way. */
	private long epoch() {
		long epoch = this.agreement.epoch();
		return (epoch == this.epochUnderWay || this.underWay.get() == 0) ? epoch : BatchAgreement.NONE;
	}

	private void afterExit() {
		this.connection.announce();
		if (this.missed) {
			this.missed = false;
			advance();
		}
		if (hasWork()) {
			this.helpers.later();
		}
	}

	private @Nullable SendFuture add(long epoch, byte @Nullable [] message, @Nullable CpgMessageWriter writer,
			int length, long deadline) {
		if (!this.open.hasRoomFor(length) && !commitOpen(epoch)) {
			return null;
		}
		SendFuture future = new SendFuture(length, 0, deadline);
		if (!this.open.mayHold(length)) {
			return sendSingle(epoch, message, writer, future, length) ? future : null;
		}
		this.open.add(message, writer, future, length);
		if (this.open.count() == 1) {
			this.begun.incrementAndGet();
		}
		this.helpers.expireBy(deadline);
		if (this.over) {
			future.lose(this.pending::decided);
		}
		else if (this.open.isFull() || this.gate.isPrompt(MULTICAST)) {
			commitOpen(epoch);
		}
		return future;
	}

	/** Sends a batch of one that is larger than others are. */
	private boolean sendSingle(long epoch, byte @Nullable [] message, @Nullable CpgMessageWriter writer,
			SendFuture future, int length) {
		int start = BatchFormat.HEAD + BatchFormat.ENTRY;
		SendSlot slot = this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + start + length);
		if (slot == null) {
			return false;
		}
		byte[] head = new byte[start];
		BatchFormat.entryLength(head, BatchFormat.HEAD, length);
		if (message != null) {
			slot.frame().putBytes(CpgRequests.MULTICAST_HEADER + start, message, 0, length);
		}
		else if (writer != null) {
			MessageTarget.write(writer, slot.frame(), CpgRequests.MULTICAST_HEADER + start, length);
		}
		SentBatch batch = new SentBatch(this, this.begun.incrementAndGet(), new SendFuture[] { future },
				future.deadline());
		commit(slot, batch, epoch, head, start, start + length);
		return true;
	}

	/**
	 * Sends the open batch, if there is one.
	 * @return whether there is none any more
	 */
	private boolean commitOpen(long epoch) {
		if (this.open.isEmpty()) {
			return true;
		}
		int length = this.open.length();
		SendSlot slot = (epoch != BatchAgreement.NONE)
				? this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + length) : null;
		if (slot == null) {
			return false;
		}
		SentBatch batch = this.open.toSent(this, this.begun.get());
		this.open.clear();
		commit(slot, batch, epoch, this.open.bytes(), length, length);
		return true;
	}

	/**
	 * Sends a batch.
	 * @param bytes what it begins with
	 * @param present how many of its bytes are in there; the others were written
	 * @param length its length
	 */
	private void commit(SendSlot slot, SentBatch batch, long epoch, byte[] bytes, int present, int length) {
		this.number++;
		BatchFormat.writeHead(bytes, length, this.membership.localAddress(), BatchFormat.BATCH, this.number, epoch,
				batch.size());
		CpgRequests.writeMulticastHeader(slot.frame(), length);
		slot.frame().putBytes(CpgRequests.MULTICAST_HEADER, bytes, 0, present);
		batch.identify(length, BatchFormat.hash(this.number));
		this.epochUnderWay = epoch;
		this.underWay.incrementAndGet();
		this.sentAt = System.nanoTime();
		commit(slot, batch);
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
		if (!this.open.isEmpty() && this.underWay.get() == 0 && this.agreement.epoch() == BatchAgreement.NONE) {
			// Its messages go after those that came back.
			byte[] bytes = Arrays.copyOf(this.open.bytes(), this.open.length());
			this.stale.add(new StaleBatch(this.open.toSent(this, this.begun.get()), bytes));
			this.open.clear();
		}
		for (StaleBatch first = this.stale.first(); first != null; first = this.stale.first()) {
			if (first.isOver()) {
				this.stale.remove(first);
				this.settled.incrementAndGet();
			}
			else if (!sendStale(first, epoch())) {
				return;
			}
		}
	}

	private boolean sendStale(StaleBatch batch, long epoch) {
		if (batch.isWhole() && epoch != BatchAgreement.NONE) {
			int length = batch.bytes().length;
			SendSlot slot = this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + length);
			if (slot == null) {
				return false;
			}
			this.stale.remove(batch);
			commit(slot, batch.batch().again(), epoch, batch.bytes(), length, length);
			return true;
		}
		// What is under way comes back stale, too, and may come before.
		return this.underWay.get() == 0 && sendFirst(batch);
	}

	/** Sends the first of the messages by itself. */
	private boolean sendFirst(StaleBatch batch) {
		byte[] message = batch.message();
		SendSlot slot = this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + message.length);
		if (slot == null) {
			return false;
		}
		SendFuture future = batch.future();
		if (!this.frames.write(slot, message, future)) {
			// Equal ones wait for something different, which shows what became of them.
			this.announcements.fence();
			return false;
		}
		batch.take();
		commit(slot, future);
		return true;
	}

	private void sendAnnouncement() {
		if (!hasAnnouncement()) {
			return;
		}
		SendSlot slot = this.gate.tryRoom(MULTICAST, CpgRequests.MULTICAST_HEADER + BatchFormat.HEAD);
		if (slot != null) {
			byte[] bytes = this.announcements.next(++this.number);
			SendFuture future = this.announcements.future(bytes);
			// Its number makes it different from all others.
			this.frames.write(slot, bytes, future);
			commit(slot, future);
		}
	}

	private boolean hasAnnouncement() {
		return this.announcements.isDue() && this.membership.isJoined();
	}

	/** Returns whether something is to be sent as soon as that can be. */
	public boolean hasWork() {
		return !this.over && (!this.open.isEmpty() || !this.stale.isEmpty() || this.wanted || hasAnnouncement());
	}

	/**
	 * Sends what the daemon takes now. For any thread that notices that it may do so.
	 * @return whether nothing is left
	 */
	public boolean advance() {
		return !hasWork() || work(false);
	}

	/** Sends what is open, though the daemon may not have begun with all before. */
	public void flush() {
		if (hasWork()) {
			work(true);
		}
	}

	private boolean work(boolean all) {
		boolean entered = false;
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
			if (this.stale.isEmpty() && (all || this.open.isFull() || this.gate.isPrompt(MULTICAST))) {
				commitOpen(epoch());
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
		LockSupport.unpark(this.waiting);
		return !hasWork();
	}

	private void work() {
		if (this.underWay.get() == 0) {
			this.wanted = false;
		}
		else if (System.nanoTime() - this.sentAt > PATIENCE_NANOS) {
			// What comes back proves that those before it are lost.
			this.sentAt = System.nanoTime();
			this.announcements.fence();
		}
		sendAnnouncement();
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

	/**
	 * Sends what waits, and waits until all batches are decided, at most for half of a
	 * limit: what waits any longer is lost with the leave.
	 */
	public void sendAll(Deadline limit) {
		try {
			awaitDecided(Deadline.at(System.nanoTime() + limit.remainingNanos() / 2));
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
			this.stale.add(new StaleBatch(batch, Arrays.copyOf(bytes, length)));
			this.underWay.decrementAndGet();
			this.helpers.expireBy(batch.deadline());
		}
	}

	@Override
	public void returned(SentBatch batch) {
		this.returned = batch;
	}

	@Override
	public void settled() {
		this.underWay.decrementAndGet();
		this.settled.incrementAndGet();
	}

	/**
	 * Gives up messages that wait here and are past their time limits.
	 * @return when to look again
	 */
	public long expire(long now) {
		long next = this.open.expire(now, this.pending::decided);
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
		this.open.lose(this.pending::decided);
		this.stale.lose(this.pending::decided);
	}

}
