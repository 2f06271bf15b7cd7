package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncNode;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A member that sends numbered messages, and checks that those of each sender come one
 * after the other. It keeps none.
 */
final class NumberedMember implements AutoCloseable, CpgListener {

	/** What messages between starters begin with. */
	private static final long MAGIC = 0x8943_5047_0D0A_1A0AL;

	/** The size from which on a message may go in fragments. */
	private static final int MAX_TRIED = 1_000_000;

	private static final AtomicLong MEMBER_IDS = new AtomicLong(900_000);

	private final Map<String, Received> received = new ConcurrentHashMap<>();

	private final CpgConnection connection;

	private final AtomicLong warmUps = new AtomicLong();

	/** The last message of each thread before a member joined. */
	private final Map<String, Long> lastBefore = new ConcurrentHashMap<>();

	/** How many messages between starters the listener was notified of. */
	final AtomicLong control = new AtomicLong();

	private NumberedMember(CorosyncNode node, int batchSize) {
		this.connection = CorosyncConnector.builder()
			.name("numbered")
			.socketDirectory(node.socketDirectory())
			.memberId(MEMBER_IDS.incrementAndGet())
			.datagramSockets(NodeSockets.of(node))
			.batchSize(batchSize)
			.build()
			.connect(this);
	}

	/**
	 * Joins a group.
	 * @param batchSize the size of its batches, 0 for none
	 */
	static NumberedMember join(CorosyncNode node, CpgGroupName group, int batchSize) {
		NumberedMember member = new NumberedMember(node, batchSize);
		member.connection.join(group, Member.LIMIT);
		return member;
	}

	/** Returns the number of the next message that only makes it send batches. */
	long nextWarmUp() {
		return this.warmUps.getAndIncrement();
	}

	CpgConnection connection() {
		return this.connection;
	}

	/**
	 * Sends the message of one of the sender's threads with a number, in one of the ways
	 * that there are.
	 */
	CompletableFuture<CpgView> send(int thread, long number, int length) {
		byte[] message = new byte[length];
		ByteBuffer.wrap(message).putLong(number).putInt(thread);
		if (number % 3 == 0) {
			return this.connection.multicast(length, (target) -> target.put(message, 0, length));
		}
		CompletableFuture<CpgView> sent = (number % 3 == 1 && length < MAX_TRIED)
				? this.connection.tryMulticast(message, Member.LIMIT) : null;
		return (sent != null) ? sent : this.connection.multicast(message, Member.LIMIT);
	}

	/** Waits until a thread of a member has got a message through, all in order. */
	void await(NumberedMember sender, int thread, long number) {
		Received from = from(sender, thread);
		Awaitility.await("%s of %s, at %s".formatted(number, sender, this.connection))
			.atMost(Member.LIMIT)
			.until(() -> from.last >= number || from.fault != null);
		if (from.fault != null) {
			throw new AssertionError(this.connection + ": " + from.fault);
		}
	}

	/** Returns what has come of a thread of a member. */
	Received from(NumberedMember sender, int thread) {
		return this.received.computeIfAbsent(key(sender, thread), (key) -> new Received());
	}

	/**
	 * Requires that this member's first message of a thread was the first one behind its
	 * join, as another member saw that.
	 */
	void requireAllSinceJoin(NumberedMember sender, int thread, NumberedMember witness) {
		String join = this.connection.localAddress() + " " + key(sender, thread);
		// Its listener may be behind that of the one that joined.
		Awaitility.await("%s sees the join of %s".formatted(witness.connection, this.connection))
			.atMost(Member.LIMIT)
			.until(() -> witness.lastBefore.containsKey(join));
		Long before = witness.lastBefore.get(join);
		if (before == null || before + 1 != from(sender, thread).first) {
			throw new AssertionError("%s came first behind %s".formatted(from(sender, thread).first, before));
		}
	}

	private static String key(NumberedMember sender, int thread) {
		return sender.connection.localAddress() + " " + thread;
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		change.joined()
			.forEach((joiner) -> this.received
				.forEach((key, from) -> this.lastBefore.put(joiner.address() + " " + key, from.last)));
	}

	@Override
	public boolean keepsMessages() {
		return false;
	}

	@Override
	public void delivered(CpgMessage message) {
		ByteBuffer bytes = message.buffer();
		long number = bytes.getLong();
		if (number == MAGIC) {
			this.control.incrementAndGet();
			return;
		}
		this.received.computeIfAbsent(message.sender() + " " + bytes.getInt(), (key) -> new Received()).add(number);
	}

	@Override
	public void close() {
		this.connection.close();
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

	/** The messages of one thread of a member. */
	static final class Received {

		volatile long first = -1;

		volatile long last = -1;

		/** What was out of order, the first time. */
		volatile @Nullable String fault;

		/** Whether messages may be missing, as their outcomes say it. */
		volatile boolean mayMiss;

		private final BitSet seen = new BitSet();

		synchronized boolean has(int number) {
			return this.seen.get(number);
		}

		private synchronized void add(long number) {
			this.seen.set((int) number);
			if (this.first < 0) {
				this.first = number;
			}
			else if (number != this.last + 1 && (number <= this.last || !this.mayMiss) && this.fault == null) {
				this.fault = "%d came behind %d".formatted(number, this.last);
			}
			this.last = number;
		}

	}

}
