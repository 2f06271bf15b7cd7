package dev.cpg.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import org.jspecify.annotations.Nullable;

/**
 * Counts deliveries. This member's messages carry their number in the first 8 bytes, so
 * that the next one reveals a lost one. Written by the thread that delivers, read by the
 * one that executes commands.
 */
final class Tally implements CpgListener {

	private static final VarHandle NUMBER = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("bench.limit", 30));

	private long next;

	private volatile long own;

	private volatile long lost;

	private volatile long lastOwnNanos;

	private volatile long awaited = Long.MAX_VALUE;

	private volatile @Nullable Thread waiter;

	private long foreign;

	private long firstForeignNanos;

	private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

	private volatile boolean ended;

	static void number(byte[] message, long number) {
		NUMBER.set(message, 0, number);
	}

	/** The number of a message that {@link #number(byte[], long)} has numbered. */
	static long number(byte[] bytes, int offset) {
		return (long) NUMBER.get(bytes, offset);
	}

	@Override
	public void delivered(CpgMessage message) {
		if (!message.local()) {
			foreign(message.length());
		}
		else if (message.length() >= Long.BYTES) {
			own(message.buffer().order(ByteOrder.nativeOrder()).getLong());
		}
	}

	/** A message of another member was delivered. */
	void foreign(int length) {
		if (length == 0) {
			this.received.add(new Received(this.foreign, System.nanoTime() - this.firstForeignNanos));
			this.foreign = 0;
		}
		else if (this.foreign++ == 0) {
			this.firstForeignNanos = System.nanoTime();
		}
	}

	/** As in C, where the bytes are valid only during the callback. */
	@Override
	public boolean keepsMessages() {
		return false;
	}

	/** One of this member's messages was delivered. */
	@SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes them
	void own(long number) {
		if (number != this.next) {
			this.lost += number - this.next;
		}
		this.next = number + 1;
		if (number + 1 >= this.awaited) {
			this.lastOwnNanos = System.nanoTime();
			this.own++;
			LockSupport.unpark(this.waiter);
		}
		else {
			this.own++;
		}
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		this.ended = true;
		LockSupport.unpark(this.waiter);
	}

	/** How many of this member's messages were delivered or lost. */
	long back() {
		return this.own + this.lost;
	}

	long lost() {
		return this.lost;
	}

	/** The time at which the awaited message was delivered. */
	long lastOwnNanos() {
		return this.lastOwnNanos;
	}

	/** From now on the delivery of this message is timed. */
	void expect(long number) {
		this.awaited = number + 1;
	}

	/** Waits for the message that is expected, and all before it. */
	void await() {
		long giveUp = System.nanoTime() + LIMIT_NANOS;
		this.waiter = Thread.currentThread();
		while (this.own + this.lost < this.awaited) {
			long left = giveUp - System.nanoTime();
			if (left <= 0 || this.ended) {
				throw new IllegalStateException(
						"Of %d messages %d came back and %d were lost; the connection has%s ended"
							.formatted(this.awaited, this.own, this.lost, this.ended ? "" : " not"));
			}
			LockSupport.parkNanos(left);
		}
		// A thread that waits for another message is not woken for this one.
		this.waiter = null;
		this.awaited = Long.MAX_VALUE;
	}

	/**
	 * Waits for an empty message of another member.
	 * @return what others have sent since the last empty message, or since the begin
	 */
	Received receiveUntilMarked() throws InterruptedException {
		return this.received.take();
	}

	record Received(long messages, long elapsedNanos) {

	}

}
