package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.cpg.client.internal.ipc.daemon.DaemonFile;

/**
 * One of libqb's rings, mapped: typed access to the words of {@link RingLayout}, each
 * with the ordering that its use needs.
 * <p>
 * Whoever opened it unmaps it, after every other thread has stopped using it: before JDK
 * 22 an access after {@link #unmap()} would crash the JVM. An access to a file that was
 * truncated raises {@link InternalError}.
 */
public final class MappedRing {

	private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

	private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

	/** Far above what any daemon grants, far below what would overflow an int. */
	private static final int MAX_WORDS = 1 << 27;

	/** Several times what the compilers wait for. */
	private static final int ADDITIONS = 20_000;

	static {
		compileAdditions();
		linkAccesses();
	}

	private final DaemonFile headerFile;

	private final Mapping headerMapping;

	private final Mapping dataMapping;

	private final ByteBuffer header;

	private final ByteBuffer data;

	private final int words;

	private MappedRing(DaemonFile headerFile, Mapping header, Mapping data, int words) {
		this.headerFile = headerFile;
		this.headerMapping = header;
		this.dataMapping = data;
		this.header = header.buffer();
		this.data = data.buffer();
		this.words = words;
	}

	/**
	 * Maps a ring and counts this side in its reference count.
	 * @throws IOException if a file cannot be opened, or is not a ring
	 */
	public static MappedRing open(DaemonFile headerFile, DaemonFile dataFile) throws IOException {
		Mapping header = Mapping.of(headerFile);
		Mapping data = null;
		boolean opened = false;
		try {
			if (header.buffer().capacity() < RingLayout.HEADER_LENGTH) {
				throw new IOException("%s is too short for a ring".formatted(headerFile));
			}
			int words = header.buffer().getInt(RingLayout.RING_WORDS);
			data = Mapping.of(dataFile);
			int bytes = data.buffer().capacity();
			if (words < RingLayout.CHUNK_MARGIN || words > MAX_WORDS || bytes < words * RingLayout.WORD) {
				throw new IOException(
						"%s claims %d words, but its data file has %d bytes".formatted(headerFile, words, bytes));
			}
			add(header.buffer(), RingLayout.REFERENCE_COUNT, 1);
			MappingFaults.report();
			MappedRing ring = new MappedRing(headerFile, header, data, words);
			opened = true;
			return ring;
		}
		finally {
			if (!opened) {
				Mapping.unmap(header);
				if (data != null) {
					Mapping.unmap(data);
				}
			}
		}
	}

	/**
	 * In compiled code an addition to a page of a truncated file raises an error; in the
	 * interpreter it crashes the JVM. So additions are compiled before one is needed.
	 */
	private static void compileAdditions() {
		Mapping scratch = Mapping.scratch(2 * Long.BYTES);
		for (int i = 0; i < ADDITIONS; i++) {
			INT.getAndAdd(scratch.buffer(), 0, 1);
			LONG.getAndAdd(scratch.buffer(), Long.BYTES, 1L);
		}
		Mapping.unmap(scratch);
	}

	/**
	 * The first use of each kind of access takes milliseconds, for which nobody waits
	 * here.
	 */
	private static void linkAccesses() {
		ByteBuffer scratch = ByteBuffer.allocateDirect(Long.BYTES);
		INT.setRelease(scratch, 0, (int) INT.getAcquire(scratch, 0) + (int) INT.getVolatile(scratch, 0));
		LONG.getVolatile(scratch, 0);
	}

	/** Returns the path of the header file of a ring. */
	public static Path headerFile(Path name) {
		return name.resolveSibling(name.getFileName() + "-header");
	}

	/** Returns the path of the data file of a ring. */
	public static Path dataFile(Path name) {
		return name.resolveSibling(name.getFileName() + "-data");
	}

	/** Adds to a word of shared memory; for all that is mapped, see above. */
	static void add(ByteBuffer buffer, int offset, int count) {
		INT.getAndAdd(buffer, offset, count);
	}

	int words() {
		return this.words;
	}

	int bytes() {
		return this.words * RingLayout.WORD;
	}

	/** Acquire: what the other side wrote before it moved the index is seen. */
	public int index(int offset) throws RingCorruptException {
		int index = (int) INT.getAcquire(this.header, offset);
		if (index < 0 || index >= this.words) {
			throw new RingCorruptException("index " + index + " points outside of the ring");
		}
		return index;
	}

	/** Release: what was written before the index moves is seen by who reads it. */
	public void index(int offset, int index) {
		INT.setRelease(this.header, offset, index);
	}

	/** The semaphore's count, in order with every other access to it. */
	public int semaphore() {
		return (int) (long) LONG.getVolatile(this.header, RingLayout.SEMAPHORE);
	}

	/**
	 * Adds to the semaphore's count. The count never leaves 0 to 2^31 - 1, so the waiters
	 * in the upper half stay as they are; the daemon never waits on a ring of ours.
	 */
	public void addToSemaphore(int chunks) {
		LONG.getAndAdd(this.header, RingLayout.SEMAPHORE, (long) chunks);
	}

	/** Returns the user word: of the request ring, the daemon's flow control. */
	public int userWord() {
		return (int) INT.getVolatile(this.header, RingLayout.USER_WORD);
	}

	/** Acquire: a chunk whose magic is READY is whole. */
	public int magic(int index) {
		return (int) INT.getAcquire(this.data, position(index + 1));
	}

	/** Release: the chunk's data and length are seen by who sees the magic. */
	public void magic(int index, int magic) {
		INT.setRelease(this.data, position(index + 1), magic);
	}

	/** Returns the length of the chunk at an index, in bytes. */
	public int chunkLength(int index) {
		return this.data.getInt(position(index));
	}

	/** Sets it. */
	public void chunkLength(int index, int length) {
		this.data.putInt(position(index), length);
	}

	/** Returns the byte position of a word whose index may be past the end, once. */
	private int position(int index) {
		return ((index < this.words) ? index : index - this.words) * RingLayout.WORD;
	}

	/** Returns the byte position of an offset in the data of the chunk at an index. */
	int dataPosition(int index, int offset) {
		int position = position(index + RingLayout.CHUNK_HEADER_WORDS) + offset;
		int bytes = bytes();
		return (position < bytes) ? position : position - bytes;
	}

	/** Returns the index behind a chunk of a length in bytes. */
	int next(int index, int length) {
		int next = index + RingLayout.CHUNK_HEADER_WORDS + (length + RingLayout.WORD - 1) / RingLayout.WORD;
		return (next < this.words) ? next : next - this.words;
	}

	ByteBuffer data() {
		return this.data;
	}

	/** As {@link #unmapAll}, for this ring. */
	public void unmap() {
		unmapAll(List.of(this));
	}

	/**
	 * Takes this side out of the rings' reference counts and unmaps their files, on one
	 * thread for all. To be called once, when no thread uses the rings or will.
	 */
	public static void unmapAll(List<MappedRing> rings) {
		try {
			rings.forEach(MappedRing::release);
		}
		finally {
			Mapping.unmap(rings.stream()
				.flatMap((ring) -> Stream.of(ring.headerMapping, ring.dataMapping))
				.toArray(Mapping[]::new));
		}
	}

	private void release() {
		try {
			// JDK 17's interpreter survives a read of a truncated page, but not an
			// addition.
			if (this.headerFile.size() >= RingLayout.HEADER_LENGTH) {
				add(this.header, RingLayout.REFERENCE_COUNT, -1);
				MappingFaults.report();
			}
		}
		catch (IOException | InternalError ex) {
			// The file is gone or was truncated: there is no count left to keep.
		}
	}

}
