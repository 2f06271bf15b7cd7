package dev.cpg.benchmarks;

import java.util.function.BooleanSupplier;

/**
 * Sends as fast as possible, from one thread, and waits until everything has come back.
 */
final class Sender {

	private static final int SENDS_BETWEEN_LOOKS = 64;

	/** Shared by all senders of this process. */
	private static long number;

	private final Outlet outlet;

	private final Tally tally;

	private final Usage usage;

	Sender(Outlet outlet, Tally tally, Usage usage) {
		this.outlet = outlet;
		this.tally = tally;
		this.usage = usage;
	}

	static long nextNumber() {
		return number++;
	}

	String throughput(int size, long millis) {
		return run(size, millis * 1_000_000, () -> false);
	}

	String flood(int size, BooleanSupplier over) {
		return run(size, Long.MAX_VALUE / 2, over);
	}

	private String run(int size, long nanos, BooleanSupplier over) {
		byte[] message = new byte[size];
		long lost = this.tally.lost();
		Usage.Snapshot before = this.usage.now();
		long start = System.nanoTime();
		long sent = send(message, start + nanos, over);
		long senderBytes = this.usage.ownBytes() - before.ownBytes();
		this.tally.await();
		long elapsed = this.tally.lastOwnNanos() - start;
		Usage.Snapshot used = this.usage.now().minus(before);
		long lostNow = this.tally.lost() - lost;
		return "ok messages=%d elapsed_ns=%d cpu_ns=%d lost=%d sender_bytes=%d receiver_bytes=%d"
			.formatted(sent - lostNow, elapsed, used.processNanos(), lostNow, senderBytes, used.connectionBytes());
	}

	private long send(byte[] message, long end, BooleanSupplier over) {
		long sent = 0;
		boolean last;
		do {
			sent++;
			last = System.nanoTime() - end >= 0 || (sent % SENDS_BETWEEN_LOOKS == 0 && over.getAsBoolean());
			send(message, last);
		}
		while (!last);
		return sent;
	}

	private void send(byte[] message, boolean last) {
		long current = nextNumber();
		Tally.number(message, current);
		if (last) {
			this.tally.expect(current);
		}
		this.outlet.multicast(message);
	}

}
