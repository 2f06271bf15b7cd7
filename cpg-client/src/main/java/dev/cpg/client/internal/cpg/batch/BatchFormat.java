package dev.cpg.client.internal.cpg.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Collection;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.ipc.memory.FrameReader;

/**
 * The bytes of batches and of announcements, as {@code docs/envelope.md} describes them:
 * numbers are big-endian.
 *
 * <pre>
 *  0 magic 8, version 1, kind 1, format 1, type 1
 * 12 check 8: a hash of the sender and of what follows up to 40
 * 20 number 8, which grows with each of the sender
 * 28 tag 8: of a batch the epoch, of an announcement the hash of the members
 * 36 of a batch the number of messages 4, of an announcement its flags 4
 * 40 of a batch for each message its length 4, and its bytes
 * </pre>
 */
public final class BatchFormat {

	/** The length of what a batch begins with, and of an announcement. */
	public static final int HEAD = 40;

	/** What a message in a batch takes beside its bytes. */
	public static final int ENTRY = Integer.BYTES;

	public static final int ANNOUNCEMENT = 1;

	public static final int BATCH = 2;

	/** The flag of an announcement whose sender reads batches. */
	public static final int READS = 1;

	private static final long MAGIC = 0x8943_5047_0D0A_1A0AL;

	/** Version 2 of the envelope, kind 2, format 1; the type is left out. */
	private static final int VERSIONS = 0x0202_0100;

	private static final int TYPE = 11;

	private static final int CHECK = 12;

	private static final int NUMBER = 20;

	private static final int TAG = 28;

	private static final int COUNT = 36;

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	/** The magic as a frame reads it, in the machine's order. */
	private static final long MAGIC_IN_FRAME = (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) ? MAGIC
			: Long.reverseBytes(MAGIC);

	private static final int VERSIONS_IN_FRAME = inFrame(VERSIONS);

	private static final int VERSIONS_MASK_IN_FRAME = inFrame(~0xFF);

	private BatchFormat() {
	}

	private static int inFrame(int number) {
		return (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) ? number : Integer.reverseBytes(number);
	}

	/**
	 * Returns whether a message may be one of these, and is worth a look at all of it.
	 */
	public static boolean mayBe(FrameReader frame, int length) {
		return length >= HEAD && frame.getLong(CpgEvents.MESSAGE) == MAGIC_IN_FRAME
				&& (frame.getInt(CpgEvents.MESSAGE + Long.BYTES) & VERSIONS_MASK_IN_FRAME) == VERSIONS_IN_FRAME;
	}

	/**
	 * Returns the type of what a member sent, 0 if it is neither a batch nor an
	 * announcement that this member made: whatever begins like one, a copy of one that
	 * another member made included, is a payload.
	 */
	public static int type(byte[] bytes, int length, CpgAddress sender) {
		if (length < HEAD || getLong(bytes, 0) != MAGIC) {
			return 0;
		}
		int type = getInt(bytes, Long.BYTES) - VERSIONS;
		return ((type == ANNOUNCEMENT || type == BATCH) && getLong(bytes, CHECK) == check(bytes, length, sender)) ? type
				: 0;
	}

	/** Writes the head of a message whose other bytes are there. */
	public static void writeHead(byte[] bytes, int length, CpgAddress sender, int type, long number, long tag,
			int count) {
		LONG.set(bytes, 0, MAGIC);
		INT.set(bytes, Long.BYTES, VERSIONS + type);
		LONG.set(bytes, NUMBER, number);
		LONG.set(bytes, TAG, tag);
		INT.set(bytes, COUNT, count);
		LONG.set(bytes, CHECK, check(bytes, length, sender));
	}

	private static long check(byte[] bytes, int length, CpgAddress sender) {
		long hash = mix(word(sender));
		hash = mix(hash ^ getLong(bytes, NUMBER));
		hash = mix(hash ^ getLong(bytes, TAG));
		hash = mix(hash ^ ((long) getInt(bytes, COUNT) << Integer.SIZE | length));
		return mix(hash ^ bytes[TYPE]);
	}

	public static long number(byte[] bytes) {
		return getLong(bytes, NUMBER);
	}

	public static long tag(byte[] bytes) {
		return getLong(bytes, TAG);
	}

	/** Returns a batch's number of messages, or an announcement's flags. */
	public static int count(byte[] bytes) {
		return getInt(bytes, COUNT);
	}

	public static int entryLength(byte[] bytes, int at) {
		return getInt(bytes, at);
	}

	public static void entryLength(byte[] bytes, int at, int length) {
		INT.set(bytes, at, length);
	}

	/** Returns whether the messages of a batch are all there, and nothing else is. */
	public static boolean isWhole(byte[] bytes, int length) {
		int at = HEAD;
		int count = count(bytes);
		for (int i = 0; i < count; i++) {
			if (length - at < ENTRY) {
				return false;
			}
			int entry = entryLength(bytes, at);
			at += ENTRY;
			if (entry < 0 || entry > length - at) {
				return false;
			}
			at += entry;
		}
		return count > 0 && at == length;
	}

	/** Returns a hash of members, in whatever order. */
	static long hash(Collection<CpgAddress> members) {
		long sum = 0;
		for (CpgAddress member : members) {
			sum += mix(word(member));
		}
		return sum;
	}

	/** Returns what a member adds to an epoch with its announcement. */
	static long epochOf(CpgAddress member, long number) {
		return mix(mix(word(member)) ^ number);
	}

	/** Returns what an own batch that comes back is recognised by. */
	public static long hash(long number) {
		return mix(number);
	}

	private static long word(CpgAddress address) {
		return address.nodeId() << Integer.SIZE | address.pid();
	}

	/** Spreads each bit over all of them; no two numbers give the same. */
	private static long mix(long number) {
		long mixed = number;
		mixed = (mixed ^ (mixed >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
		mixed = (mixed ^ (mixed >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
		return mixed ^ (mixed >>> 33);
	}

	private static long getLong(byte[] bytes, int at) {
		return (long) LONG.get(bytes, at);
	}

	private static int getInt(byte[] bytes, int at) {
		return (int) INT.get(bytes, at);
	}

}
