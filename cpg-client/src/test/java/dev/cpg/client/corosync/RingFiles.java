package dev.cpg.client.corosync;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Makes a ring's files as a daemon does, for tests of one side without the other.
 */
final class RingFiles {

	private RingFiles() {
	}

	static Path create(Path directory, String name, int words) throws IOException {
		Path ring = directory.resolve(name);
		try (RandomAccessFile header = new RandomAccessFile(ring + "-header", "rw");
				RandomAccessFile data = new RandomAccessFile(ring + "-data", "rw")) {
			header.setLength(12_288);
			header.seek(RingLayout.RING_WORDS);
			header.write(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(words).array());
			data.setLength((long) words * RingLayout.WORD);
		}
		return ring;
	}

}
