package dev.cpg.client.internal.ipc.memory;

/**
 * Where everything is in libqb's ring, a header file and a data file, as {@code offsetof}
 * has it on 64-bit Linux. Offsets are bytes.
 *
 * <pre>
 * header      0 +-----------------------+
 *               | write index (words)   |  the writer's, read by both
 *             4 +-----------------------+
 *               | read index (words)    |  the reader's, read by both
 *             8 +-----------------------+
 *               | ring size (words)     |  written once, by the daemon
 *            12 +-----------------------+
 *               | names of both files   |  not used here
 *          8204 +-----------------------+
 *               | reference count       |  2 while both sides have it open
 *          8208 +-----------------------+
 *               | semaphore (sem_t)     |  low 32 bits: chunks to read; high: waiters
 *          8240 +-----------------------+
 *               | user word             |  request ring: the daemon's flow control
 *               +-----------------------+
 *
 * data, at word i (every index wraps at the ring's size)
 *             i +-----------------------+
 *               | length (bytes)        |  0 while written and once read
 *           i+1 +-----------------------+
 *               | magic                 |  ALLOC, then READY, then DEAD
 *           i+2 +-----------------------+
 *               | data, to a whole word |
 *               +-----------------------+
 * </pre>
 */
public final class RingLayout {

	public static final int WRITE_INDEX = 0;

	public static final int READ_INDEX = 4;

	public static final int RING_WORDS = 8;

	static final int REFERENCE_COUNT = 8204;

	static final int SEMAPHORE = 8208;

	public static final int USER_WORD = 8240;

	public static final int HEADER_LENGTH = 8248;

	public static final int WORD = Integer.BYTES;

	/** Length and magic. */
	static final int CHUNK_HEADER_WORDS = 2;

	/**
	 * Bytes that must be free beyond a chunk's data: its header, and a word that stays
	 * empty so that a full ring does not look like an empty one.
	 */
	static final int CHUNK_MARGIN = 3 * WORD;

	static final int MAGIC_READY = 0xA1A1A1A1;

	public static final int MAGIC_ALLOC = 0xA110CED0;

	public static final int MAGIC_DEAD = 0xD0D0D0D0;

	private RingLayout() {
	}

}
