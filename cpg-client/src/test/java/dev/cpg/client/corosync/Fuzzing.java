package dev.cpg.client.corosync;

import java.lang.management.ManagementFactory;
import java.util.Random;

import com.sun.management.ThreadMXBean;
import dev.cpg.client.internal.ipc.memory.TestFrame;

/**
 * Random cases that can be repeated: each has a random of its own, made of the seed and
 * its number. {@code -Dcpg.fuzz.cases=} runs more of them, {@code -Dcpg.fuzz.seed=}
 * others, {@code -Dcpg.fuzz.first=} begins with a certain one.
 */
public final class Fuzzing {

	private static final long SEED = Long.getLong("cpg.fuzz.seed", 20_260_801L);

	private static final long FIRST = Long.getLong("cpg.fuzz.first", 0L);

	private static final long SPREAD = 0x9E3779B97F4A7C15L;

	/** Where lengths and counts go wrong. */
	private static final int[] BOUNDARIES = { 0, 1, -1, 2, 3, 4, 7, 8, 15, 16, 23, 24, 127, 128, 129, 183, 184, 199,
			200, 255, 256, 383, 384, 385, 1 << 16, (1 << 20) - 1, 1 << 20, 1 << 24, 0x0AAA_AAAA, 0x0AAA_AAAB,
			0x1555_5556, 0x2AAA_AAAB, 1 << 29, 1 << 30, Integer.MAX_VALUE - 183, Integer.MAX_VALUE, Integer.MIN_VALUE,
			-24, -184 };

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private Fuzzing() {
	}

	/** One case; what it throws is a failure. */
	public interface Case {

		void run(Random random) throws Exception;

	}

	/** Runs a share of all cases. */
	public static void run(int defaultCases, double share, Case fuzz) {
		long cases = (long) (Long.getLong("cpg.fuzz.cases", defaultCases) * share);
		for (long number = FIRST; number < FIRST + cases; number++) {
			try {
				fuzz.run(new Random(SEED + SPREAD * (number + 1)));
			}
			catch (Exception | Error ex) {
				throw new AssertionError(
						"Case %d of seed %d; again with -Dcpg.fuzz.seed=%d -Dcpg.fuzz.first=%d -Dcpg.fuzz.cases=10"
							.formatted(number, SEED, SEED, number),
						ex);
			}
		}
	}

	/** Returns a number of the kind that breaks bounds checks. */
	public static int number(Random random) {
		return switch (random.nextInt(4)) {
			case 0 -> random.nextInt();
			case 1 -> random.nextInt(1024);
			default -> BOUNDARIES[random.nextInt(BOUNDARIES.length)] + random.nextInt(3) - 1;
		};
	}

	/** Returns a frame that was one of these, and has suffered. */
	public static TestFrame mutate(Random random, TestFrame[] frames) {
		TestFrame frame = frames[random.nextInt(frames.length)].copy();
		for (int i = random.nextInt(4); i >= 0; i--) {
			frame = mutateOnce(random, frame, frames);
		}
		return frame;
	}

	private static TestFrame mutateOnce(Random random, TestFrame frame, TestFrame[] frames) {
		if (frame.length() < Integer.BYTES) {
			return frame.resized(random.nextInt(256));
		}
		switch (random.nextInt(6)) {
			case 0 -> {
				int at = random.nextInt(frame.length());
				frame.bytes()[at] ^= (byte) (1 << random.nextInt(8));
			}
			case 1 -> {
				return frame.resized(random.nextInt(frame.length() + 1));
			}
			case 2 -> {
				return frame.resized(frame.length() + random.nextInt(64));
			}
			case 3 -> {
				byte[] other = frames[random.nextInt(frames.length)].bytes();
				int length = random.nextInt(Math.min(other.length, frame.length()) + 1);
				int from = random.nextInt(other.length - length + 1);
				int to = random.nextInt(frame.length() - length + 1);
				System.arraycopy(other, from, frame.bytes(), to, length);
			}
			default -> {
				// Mostly the fixed part, where the counts and lengths are.
				int words = Math.min(frame.length(), random.nextBoolean() ? 204 : frame.length()) / Integer.BYTES;
				frame.putInt(random.nextInt(words) * Integer.BYTES, number(random));
			}
		}
		return frame;
	}

	/** Returns how many bytes this thread has allocated in its life. */
	public static long allocated() {
		return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
	}

}
