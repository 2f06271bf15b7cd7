package dev.cpg.benchmarks;

import java.util.Arrays;

/**
 * Sends one message after the other, each when the last one is back: its listener has
 * been called and its future is complete. The listener corresponds to libcpg's callback.
 * The future is what most callers wait for; it wakes one more thread.
 */
final class Pinger {

	private static final int SIZE = 64;

	private final Outlet outlet;

	private final Tally tally;

	Pinger(Outlet outlet, Tally tally) {
		this.outlet = outlet;
		this.tally = tally;
	}

	String ping(int count) {
		byte[] message = new byte[SIZE];
		long[] delivered = new long[count];
		long[] completed = new long[count];
		for (int i = 0; i < count; i++) {
			long number = Sender.nextNumber();
			Tally.number(message, number);
			this.tally.expect(number);
			long start = System.nanoTime();
			this.outlet.multicast(message).join();
			completed[i] = System.nanoTime() - start;
			this.tally.await();
			delivered[i] = this.tally.lastOwnNanos() - start;
		}
		return "ok p50_ns=%d p99_ns=%d future_p50_ns=%d future_p99_ns=%d".formatted(percentile(delivered, 0.5),
				percentile(delivered, 0.99), percentile(completed, 0.5), percentile(completed, 0.99));
	}

	static long percentile(long[] times, double share) {
		Arrays.sort(times);
		return times[Math.min((int) (share * times.length), times.length - 1)];
	}

}
