package dev.cpg.client.internal.cpg.outcome;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/**
 * A 64-bit hash of a message, by which an own message that comes back is matched with its
 * send without keeping the bytes. It only ever compares messages of one sender and of one
 * length, so a collision would need a lost message as well.
 * <p>
 * A short message is hashed by multiplying pairs of words, each xored with something that
 * an outsider does not know, and folding the 128 bits of the product: a chance collision
 * is one in 2^64, and the random keys of each connection keep anyone from making one up.
 * Of a longer one, the first and last bytes are, where applications have their headers,
 * and all of it by CRC-32C, which processors compute faster than they multiply. Two that
 * agree in length and ends never collide if they differ in up to three bits or within 32
 * bits, else by chance, one in 2^32.
 * <p>
 * Of a large one only the beginning is hashed, and samples of the rest, the end among
 * them: to hash all of it at both ends of its way takes half as long as to copy it. Two
 * that differ elsewhere have one hash, and so count as equal. That costs certainty, where
 * one of them is lost, and never truth: what is decided of equal ones holds whichever of
 * them came back.
 */
public final class ContentHash {

	/** How much of a longer message is its beginning, and its end. */
	private static final int END = 64;

	/** How much of a large message is its beginning: more than the headers of most. */
	static final int BEGINNING = 1 << 12;

	/** How many samples are taken of the rest. */
	private static final int SAMPLES = 7;

	/** The length of a sample. */
	static final int SAMPLE = 1 << 8;

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final int PAIR = 2 * Long.BYTES;

	/** One for each thread that hashes: one for each message would be garbage. */
	private static final ThreadLocal<CRC32C> CRC = ThreadLocal.withInitial(CRC32C::new);

	private final long seed = ThreadLocalRandom.current().nextLong();

	private final long keyA = ThreadLocalRandom.current().nextLong();

	private final long keyB = ThreadLocalRandom.current().nextLong();

	private final long keyC = ThreadLocalRandom.current().nextLong();

	private final long keyD = ThreadLocalRandom.current().nextLong();

	public long of(byte[] bytes) {
		return of(bytes, bytes.length);
	}

	/**
	 * Returns the hash of the first bytes of an array.
	 */
	public long of(byte[] bytes, int length) {
		long hash = this.seed;
		if (length <= 2 * END) {
			hash = mixIn(bytes, 0, length, hash);
		}
		else {
			CRC32C crc = CRC.get();
			crc.reset();
			update(crc, bytes, length);
			hash = mix(crc.getValue() ^ this.keyA, hash ^ this.keyB);
			hash = mixIn(bytes, 0, END, hash);
			hash = mixIn(bytes, length - END, length, hash);
		}
		return mix(hash ^ this.keyC, length ^ this.keyD);
	}

	private static void update(CRC32C crc, byte[] bytes, int length) {
		crc.update(bytes, 0, Math.min(length, BEGINNING));
		long last = (long) length - SAMPLE;
		for (int i = 1; i <= SAMPLES && length > BEGINNING; i++) {
			crc.update(bytes, (int) (last * i / SAMPLES), SAMPLE);
		}
	}

	private long mixIn(byte[] bytes, int from, int to, long hash) {
		long mixed = hash;
		int i = from;
		for (int end = to - PAIR; i <= end; i += PAIR) {
			mixed = mix(word(bytes, i) ^ this.keyA, word(bytes, i + Long.BYTES) ^ mixed);
		}
		long first = 0;
		long second = 0;
		if (to - i >= Long.BYTES) {
			first = word(bytes, i);
			i += Long.BYTES;
		}
		for (; i < to; i++) {
			second = (second << Byte.SIZE) | (bytes[i] & 0xFF);
		}
		return mix(first ^ this.keyB, second ^ mixed);
	}

	private static long word(byte[] bytes, int at) {
		return (long) LONG.get(bytes, at);
	}

	private static long mix(long a, long b) {
		return Math.multiplyHigh(a, b) ^ (a * b);
	}

}
