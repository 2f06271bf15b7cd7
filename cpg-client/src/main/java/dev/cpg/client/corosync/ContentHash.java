package dev.cpg.client.corosync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A 64-bit hash of a message, by which an own message that comes back is matched with its
 * send without keeping the bytes. It only ever compares messages of one sender and of one
 * length, so a chance collision (one in 2^64) would need a lost message as well; the
 * random seed of each connection keeps anyone from making one up. Four lanes, so that
 * hashing runs at the speed of reading memory.
 */
final class ContentHash {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	/** Odd numbers with about as many ones as zeroes, to spread each input bit. */
	private static final long SPREAD_A = 0xD6E8FEB86659FD93L;

	private static final long SPREAD_B = 0xA0761D6478BD642FL;

	private static final int LANES = 4;

	private final long seed = ThreadLocalRandom.current().nextLong();

	long of(byte[] bytes) {
		return of(bytes, bytes.length);
	}

	long of(byte[] bytes, int length) {
		long a = this.seed;
		long b = this.seed + SPREAD_A;
		long c = this.seed + SPREAD_B;
		long d = ~this.seed;
		int i = 0;
		for (int end = length - LANES * Long.BYTES; i <= end; i += LANES * Long.BYTES) {
			a = lane(a, bytes, i);
			b = lane(b, bytes, i + Long.BYTES);
			c = lane(c, bytes, i + 2 * Long.BYTES);
			d = lane(d, bytes, i + 3 * Long.BYTES);
		}
		long hash = finish(a) ^ Long.rotateLeft(finish(b), 17) ^ Long.rotateLeft(finish(c), 31)
				^ Long.rotateLeft(finish(d), 47);
		for (int end = length - Long.BYTES; i <= end; i += Long.BYTES) {
			hash = lane(hash, bytes, i);
		}
		for (; i < length; i++) {
			hash = mix(hash, bytes[i] & 0xFF);
		}
		return finish(hash + length);
	}

	private static long lane(long hash, byte[] bytes, int at) {
		return mix(hash, (long) LONG.get(bytes, at));
	}

	private static long mix(long hash, long value) {
		return Long.rotateLeft((hash ^ value) * SPREAD_A, 29) * SPREAD_B;
	}

	private static long finish(long hash) {
		long folded = (hash ^ (hash >>> 32)) * SPREAD_B;
		return folded ^ (folded >>> 29);
	}

}
