package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;

/**
 * Takes responses or events out of a ring that the daemon writes. One thread at a time.
 * Everything in it is checked against the ring's bounds before it is used.
 */
public final class ReceiveRing implements FrameReader {

	private final MappedRing ring;

	private int index;

	private int length;

	/** Takes what the daemon puts into a ring, from its read index on. */
	public ReceiveRing(MappedRing ring) throws IOException {
		this.ring = ring;
		this.index = ring.index(RingLayout.READ_INDEX);
	}

	/** Returns whether the semaphore counts a chunk to take. */
	public boolean isReady() {
		return this.ring.semaphore() > 0;
	}

	/**
	 * Takes the next chunk: hands it to the handler, then gives its room back.
	 * @throws RingCorruptException if there is no whole chunk
	 */
	public void take(Handler handler) throws RingCorruptException {
		if (isReady()) {
			this.ring.addToSemaphore(-1);
		}
		int magic = this.ring.magic(this.index);
		if (magic != RingLayout.MAGIC_READY) {
			throw new RingCorruptException("no chunk at word %d: its magic is %08x".formatted(this.index, magic));
		}
		this.length = this.ring.chunkLength(this.index);
		if (this.length < 0 || this.length > this.ring.bytes() - RingLayout.CHUNK_MARGIN) {
			throw new RingCorruptException("a chunk claims %d bytes".formatted(this.length));
		}
		try {
			handler.handle(this);
		}
		finally {
			release();
		}
	}

	/**
	 * The room is free when the index has moved behind it; the writer checks nothing
	 * else, but a dead chunk's magic keeps any reader from taking it twice.
	 */
	private void release() {
		this.ring.chunkLength(this.index, 0);
		this.ring.magic(this.index, RingLayout.MAGIC_DEAD);
		this.index = this.ring.next(this.index, this.length);
		this.ring.index(RingLayout.READ_INDEX, this.index);
	}

	@Override
	public int length() {
		return this.length;
	}

	@Override
	public int getInt(int offset) {
		return this.ring.data().getInt(this.ring.dataPosition(this.index, offset));
	}

	@Override
	public void getBytes(int offset, byte[] target, int from, int length) {
		int position = this.ring.dataPosition(this.index, offset);
		int beforeWrap = Math.min(length, this.ring.bytes() - position);
		this.ring.data().get(position, target, from, beforeWrap);
		this.ring.data().get(0, target, from + beforeWrap, length - beforeWrap);
	}

}
