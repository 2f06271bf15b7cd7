package dev.cpg.client.corosync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A 64-bit hash of a message, by which an own message that comes back is matched with its
 * send without keeping the bytes. It only ever compares messages of one sender and of one
 * length, so a chance collision (one in 2^64) would need a lost message as well; the
 * random keys of each connection keep anyone from making one up at leisure.
 * <p>
 * Each word is xored into one of eight lanes, which is then rotated and multiplied by an
 * odd number: nothing of what went in before is lost in that, so messages that differ in
 * one word never collide. Eight lanes, as a product takes several cycles, and the
 * processor can begin one in each. The end, and all of a short message, goes through
 * {@link #mix}, which folds the 128 bits of a product and is better and slower.
 */
final class ContentHash {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final int PAIR = 2 * Long.BYTES;

	private static final int BLOCK = 8 * Long.BYTES;

	/** From so many bytes on the lanes pay. */
	private static final int LONG_MESSAGE = 4 * BLOCK;

	private final long seed = ThreadLocalRandom.current().nextLong();

	private final long keyA = ThreadLocalRandom.current().nextLong();

	private final long keyB = ThreadLocalRandom.current().nextLong();

	private final long keyC = ThreadLocalRandom.current().nextLong();

	private final long keyD = ThreadLocalRandom.current().nextLong();

	private final long factor = ThreadLocalRandom.current().nextLong() | 1;

	private final int distance = ThreadLocalRandom.current().nextInt(8, 57);

	long of(byte[] bytes) {
		return of(bytes, bytes.length);
	}

	long of(byte[] bytes, int length) {
		long hash = this.seed;
		int i = 0;
		if (length >= LONG_MESSAGE) {
			i = length / BLOCK * BLOCK;
			hash = blocks(bytes, i);
		}
		for (int end = length - PAIR; i <= end; i += PAIR) {
			hash = mix(word(bytes, i) ^ this.keyA, word(bytes, i + 8) ^ hash);
		}
		long first = 0;
		long second = 0;
		if (length - i >= Long.BYTES) {
			first = word(bytes, i);
			i += Long.BYTES;
		}
		for (; i < length; i++) {
			second = (second << Byte.SIZE) | (bytes[i] & 0xFF);
		}
		hash = mix(first ^ this.keyB, second ^ hash);
		return mix(hash ^ this.keyC, length ^ this.keyD);
	}

	private long blocks(byte[] bytes, int length) {
		long by = this.factor;
		int turn = this.distance;
		long a = this.seed;
		long b = a + by;
		long c = b + by;
		long d = c + by;
		long e = d + by;
		long f = e + by;
		long g = f + by;
		long h = g + by;
		for (int i = 0; i < length; i += BLOCK) {
			a = Long.rotateLeft(a ^ word(bytes, i), turn) * by;
			b = Long.rotateLeft(b ^ word(bytes, i + 8), turn) * by;
			c = Long.rotateLeft(c ^ word(bytes, i + 16), turn) * by;
			d = Long.rotateLeft(d ^ word(bytes, i + 24), turn) * by;
			e = Long.rotateLeft(e ^ word(bytes, i + 32), turn) * by;
			f = Long.rotateLeft(f ^ word(bytes, i + 40), turn) * by;
			g = Long.rotateLeft(g ^ word(bytes, i + 48), turn) * by;
			h = Long.rotateLeft(h ^ word(bytes, i + 56), turn) * by;
		}
		long hash = mix(a ^ this.keyA, b ^ this.keyB);
		hash = mix(c ^ this.keyC, d ^ hash);
		hash = mix(e ^ this.keyD, f ^ hash);
		return mix(g ^ this.keyA, h ^ hash);
	}

	private static long word(byte[] bytes, int at) {
		return (long) LONG.get(bytes, at);
	}

	private static long mix(long a, long b) {
		return Math.multiplyHigh(a, b) ^ (a * b);
	}

}
