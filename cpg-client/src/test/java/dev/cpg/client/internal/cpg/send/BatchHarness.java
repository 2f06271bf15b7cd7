package dev.cpg.client.internal.cpg.send;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.client.corosync.FakeTransport;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.jspecify.annotations.Nullable;

/**
 * A member that sends batches to a daemon that is a fake: what was sent comes back when
 * the test says so. For one thread.
 */
final class BatchHarness {

	static final CpgAddress LOCAL = new CpgAddress(1, 4711);

	static final CpgAddress OTHER = new CpgAddress(2, 42);

	static final int SIZE = 1 << 10;

	private static final CpgView VIEW = new CpgView(new RingId(1, 8), List.of(LOCAL));

	/** Where a multicast has the length of its message. */
	private static final int LENGTH = 32;

	/** As much under way keeps the window closed. */
	private static final int LAG = 2;

	private static final long LIMIT = Duration.ofMinutes(5).toNanos();

	final FakeTransport transport = new FakeTransport();

	final IpcConnection connection = IpcConnection.withEvents(this.transport, () -> {
	}, () -> {
	});

	final MembershipState membership = new MembershipState(LOCAL);

	private final OutcomeDispatcher outcomes = new OutcomeDispatcher((task) -> {
	}, Runnable::run, (due) -> {
	});

	final PendingSends pending = new PendingSends(this.outcomes::add, (due) -> {
	});

	final BatchAgreement agreement = new BatchAgreement(LOCAL);

	private final ContentHash hash = new ContentHash();

	/** When it wants to look for messages past their time limits. */
	long expireBy = Long.MAX_VALUE;

	/** When it wants to look whether anything came back. */
	final List<Long> looks = new ArrayList<>();

	int laters;

	/** How much of what was sent is not shown. */
	private int hidden;

	final WaitingBatches waiting;

	final Multicaster multicaster;

	/** What was sent and is to come back later. */
	private final long[] keys = new long[LAG];

	private final int[] lengths = new int[LAG];

	private int noted;

	/** How many of what was sent came back, or never will. */
	private int returned;

	BatchHarness() {
		this(SIZE, true);
	}

	/**
	 * Creates a member.
	 * @param size the size of its batches
	 * @param batches whether it sends any
	 */
	BatchHarness(int size, boolean batches) {
		this.membership.beginJoin(CpgGroupName.of("orders"));
		this.membership.joined(VIEW);
		DuplicateGate duplicates = new DuplicateGate(this.connection, this.pending, this.outcomes);
		FrameSender frames = new FrameSender(this.connection, this.membership, this.pending, duplicates, this.hash);
		BatchHelpers helpers = new Helpers();
		this.waiting = new WaitingBatches(this.connection, this.membership, this.pending, this.agreement, frames,
				helpers, size);
		SessionSettings settings = new SessionSettings(Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(10),
				1 << 20, CpgOverflow.BLOCK, 1 << 20, 1 << 22, SIZE, () -> CpgQuorum.NONE, CorosyncSetting::toString);
		this.multicaster = new Multicaster(this.connection, this.membership, this.pending, duplicates, this.hash,
				settings, frames,
				batches ? new BatchSender(this.connection, this.membership, this.agreement, this.waiting, helpers)
						: null);
	}

	/** This member is alone, and reads batches. */
	BatchHarness beginEpoch() {
		change(LOCAL);
		comesBack();
		if (this.agreement.epoch() == BatchAgreement.NONE) {
			throw new IllegalStateException("No epoch: " + this.transport.sent());
		}
		this.hidden = this.transport.commits();
		this.laters = 0;
		return this;
	}

	/** As much is under way as may be before messages are collected. */
	BatchHarness fillWindow() {
		send("a");
		send("b");
		this.hidden = this.transport.commits();
		return this;
	}

	/** There are these members from here on, of which the last one has joined. */
	void change(CpgAddress... members) {
		this.agreement.changed(new CpgEvents.ConfigurationChange(List.of(members), List.of(),
				List.of(new CpgMember(members[members.length - 1], CpgReason.JOIN))));
		this.waiting.advance();
	}

	SendFuture send(String message) {
		return Objects.requireNonNull(trySend(message), "It would have to wait: " + message);
	}

	@Nullable SendFuture trySend(String message) {
		return (SendFuture) this.multicaster.tryMulticast(message.getBytes(StandardCharsets.UTF_8),
				Duration.ofNanos(LIMIT));
	}

	/**
	 * What was sent and did not come back comes back now, and nothing of what follows.
	 */
	void comesBack() {
		for (int count = this.transport.commits() - this.returned; count > 0; count--) {
			oneComesBack();
		}
	}

	void oneComesBack() {
		byte[] bytes = bytes(this.transport.sent().get(this.returned++));
		switch (BatchFormat.type(bytes, bytes.length, LOCAL)) {
			case BatchFormat.BATCH -> {
				long number = BatchFormat.number(bytes);
				if (this.agreement.isPresent(BatchFormat.tag(bytes))) {
					this.waiting.delivered(number, bytes.length, VIEW);
				}
				else {
					this.waiting.stale(number, bytes.length, bytes);
				}
			}
			case BatchFormat.ANNOUNCEMENT -> {
				this.agreement.announced(LOCAL, BatchFormat.number(bytes), BatchFormat.tag(bytes),
						BatchFormat.count(bytes));
				this.pending.delivered(bytes.length, this.hash.of(bytes), VIEW);
			}
			default -> this.pending.delivered(bytes.length, this.hash.of(bytes), VIEW);
		}
		this.waiting.advance();
	}

	/**
	 * What was sent last is noted, and what was sent two before it comes back.
	 * @param frame where it was written
	 * @param bytes room for it
	 */
	void comesBackLater(TestFrame frame, byte[] bytes) {
		int length = frame.getInt(LENGTH);
		frame.getBytes(CpgRequests.MULTICAST_HEADER, bytes, length);
		boolean batch = BatchFormat.type(bytes, length, LOCAL) == BatchFormat.BATCH;
		int place = this.noted++ % LAG;
		long key = this.keys[place];
		int before = this.lengths[place];
		this.keys[place] = batch ? BatchFormat.hash(BatchFormat.number(bytes)) : this.hash.of(bytes, length);
		this.lengths[place] = length;
		if (this.noted > LAG) {
			this.pending.delivered(before, key, VIEW);
			this.waiting.advance();
			this.outcomes.flush();
		}
	}

	/** The daemon drops what was sent and did not come back. */
	void isLost() {
		this.returned = this.transport.commits();
	}

	/**
	 * Returns what was sent: a message as it is, a batch as its messages in brackets, an
	 * announcement as an exclamation mark.
	 */
	List<String> sent() {
		return this.transport.sent().stream().skip(this.hidden).map((frame) -> text(bytes(frame))).toList();
	}

	private static byte[] bytes(TestFrame frame) {
		return Arrays.copyOfRange(frame.bytes(), CpgRequests.MULTICAST_HEADER, frame.length());
	}

	private static String text(byte[] bytes) {
		int type = BatchFormat.type(bytes, bytes.length, LOCAL);
		if (type == BatchFormat.ANNOUNCEMENT) {
			return "!";
		}
		if (type != BatchFormat.BATCH) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		List<String> messages = new ArrayList<>();
		ByteBuffer buffer = ByteBuffer.wrap(bytes).position(BatchFormat.HEAD);
		while (buffer.hasRemaining()) {
			byte[] message = new byte[buffer.getInt()];
			buffer.get(message);
			messages.add(new String(message, StandardCharsets.UTF_8));
		}
		return messages.toString();
	}

	private final class Helpers implements BatchHelpers {

		@Override
		public void later() {
			BatchHarness.this.laters++;
		}

		@Override
		public void lookBy(long nanoTime) {
			BatchHarness.this.looks.add(nanoTime);
		}

		@Override
		public void expireBy(long nanoTime) {
			BatchHarness.this.expireBy = Math.min(BatchHarness.this.expireBy, nanoTime);
		}

		@Override
		public boolean beginWait() {
			return false;
		}

		@Override
		public void endWait(boolean listener) {
		}

	}

}
