package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;

import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;

/**
 * Makes a ring's files as a daemon does, for tests of one side without the other.
 */
public final class RingFiles {

	private RingFiles() {
	}

	/** Opens a ring as the client does. */
	public static MappedRing open(Path name) throws IOException {
		DaemonDirectory directory = new DaemonDirectory(Objects.requireNonNull(name.getParent()), (owner) -> true);
		return MappedRing.open(directory.find(MappedRing.headerFile(name), DaemonFile.Kind.FILE),
				directory.find(MappedRing.dataFile(name), DaemonFile.Kind.FILE));
	}

	public static Path create(Path directory, String name, int words) throws IOException {
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
