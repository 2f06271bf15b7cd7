package dev.cpg.client.corosync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A 64-bit hash of a message, by which an own message that comes back is matched with its
 * send without keeping the bytes. It only ever compares messages of one sender and of one
 * length, so a chance collision (one in 2^64) would need a lost message as well; the
 * random keys of each connection keep anyone from making one up.
 * <p>
 * It multiplies pairs of words, each xored with something that an outsider does not know,
 * and folds the 128 bits of the product. Four lanes, so that the processor need not wait
 * for one product to begin the next.
 */
final class ContentHash {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final int PAIR = 2 * Long.BYTES;

	private static final int BLOCK = 4 * PAIR;

	private final long seed = ThreadLocalRandom.current().nextLong();

	private final long keyA = ThreadLocalRandom.current().nextLong();

	private final long keyB = ThreadLocalRandom.current().nextLong();

	private final long keyC = ThreadLocalRandom.current().nextLong();

	private final long keyD = ThreadLocalRandom.current().nextLong();

	long of(byte[] bytes) {
		return of(bytes, bytes.length);
	}

	long of(byte[] bytes, int length) {
		long hash = this.seed;
		int i = 0;
		if (length >= BLOCK) {
			long a = hash;
			long b = hash;
			long c = hash;
			long d = hash;
			for (int end = length - BLOCK; i <= end; i += BLOCK) {
				a = mix(word(bytes, i) ^ this.keyA, word(bytes, i + 8) ^ a);
				b = mix(word(bytes, i + 16) ^ this.keyB, word(bytes, i + 24) ^ b);
				c = mix(word(bytes, i + 32) ^ this.keyC, word(bytes, i + 40) ^ c);
				d = mix(word(bytes, i + 48) ^ this.keyD, word(bytes, i + 56) ^ d);
			}
			hash = mix(a ^ this.keyA, b) ^ mix(c ^ this.keyC, d);
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

	private static long word(byte[] bytes, int at) {
		return (long) LONG.get(bytes, at);
	}

	private static long mix(long a, long b) {
		return Math.multiplyHigh(a, b) ^ (a * b);
	}

}
