package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;

/**
 * Puts requests into the ring that the daemon reads. One thread at a time: claim, fill,
 * commit.
 * <p>
 * A committed chunk is in the ring, but the daemon does not know of it yet: it looks only
 * for as many chunks as the semaphore counts, and whoever rings its bell counts them.
 */
public final class RequestRing implements FrameWriter {

	private final MappedRing ring;

	private int index;

	private int length;

	/** Puts chunks into a ring, from its write index on. */
	public RequestRing(MappedRing ring) throws IOException {
		this.ring = ring;
		this.index = ring.index(RingLayout.WRITE_INDEX);
	}

	/** Returns the largest number of bytes that an empty ring has room for. */
	public int capacity() {
		return this.ring.bytes() - RingLayout.CHUNK_MARGIN;
	}

	/**
	 * Takes room for a chunk.
	 * @return whether there is room now
	 */
	public boolean claim(int length) throws RingCorruptException {
		if (freeBytes() < length + RingLayout.CHUNK_MARGIN) {
			return false;
		}
		this.length = length;
		this.ring.chunkLength(this.index, 0);
		this.ring.magic(this.index, RingLayout.MAGIC_ALLOC);
		return true;
	}

	private int freeBytes() throws RingCorruptException {
		int read = this.ring.index(RingLayout.READ_INDEX);
		int words = this.ring.words();
		if (this.index == read) {
			return words * RingLayout.WORD;
		}
		int distance = read - this.index;
		return ((distance < 0) ? distance + words - 1 : distance - 1) * RingLayout.WORD;
	}

	@Override
	public void putInt(int offset, int value) {
		this.ring.data().putInt(this.ring.dataPosition(this.index, offset), value);
	}

	@Override
	public void putBytes(int offset, byte[] source, int from, int length) {
		int position = this.ring.dataPosition(this.index, offset);
		int beforeWrap = Math.min(length, this.ring.bytes() - position);
		this.ring.data().put(position, source, from, beforeWrap);
		this.ring.data().put(0, source, from + beforeWrap, length - beforeWrap);
	}

	@Override
	public void getBytes(int offset, byte[] target, int length) {
		int position = this.ring.dataPosition(this.index, offset);
		int beforeWrap = Math.min(length, this.ring.bytes() - position);
		this.ring.data().get(position, target, 0, beforeWrap);
		this.ring.data().get(0, target, beforeWrap, length - beforeWrap);
	}

	/**
	 * Makes the claimed chunk a part of the ring. The order is libqb's: the length, the
	 * index behind the chunk, and the magic last, by which the reader knows that the rest
	 * is whole.
	 */
	public void commit() {
		int next = this.ring.next(this.index, this.length);
		this.ring.chunkLength(this.index, this.length);
		this.ring.index(RingLayout.WRITE_INDEX, next);
		this.ring.magic(this.index, RingLayout.MAGIC_READY);
		this.index = next;
	}

}
