package dev.cpg.client.corosync;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.memory.RingLayout;

/**
 * A ring as a daemon makes it, in shared memory, for one benchmark.
 */
final class RingFile implements AutoCloseable {

	private static final int HEADER_BYTES = 12_288;

	private final Path directory;

	private final MappedRing ring;

	RingFile(int words) throws IOException {
		this.directory = Files.createTempDirectory(Path.of("/dev/shm"), "cpg-bench");
		Path name = this.directory.resolve("ring");
		try (RandomAccessFile header = new RandomAccessFile(name + "-header", "rw");
				RandomAccessFile data = new RandomAccessFile(name + "-data", "rw")) {
			header.setLength(HEADER_BYTES);
			header.seek(RingLayout.RING_WORDS);
			header.writeInt(Integer.reverseBytes(words));
			data.setLength((long) words * RingLayout.WORD);
		}
		DaemonDirectory files = new DaemonDirectory(this.directory, (owner) -> true);
		this.ring = MappedRing.open(files.find(MappedRing.headerFile(name), DaemonFile.Kind.FILE),
				files.find(MappedRing.dataFile(name), DaemonFile.Kind.FILE));
	}

	MappedRing ring() {
		return this.ring;
	}

	@Override
	public void close() throws IOException {
		this.ring.unmap();
		Files.delete(this.directory.resolve("ring-header"));
		Files.delete(this.directory.resolve("ring-data"));
		Files.delete(this.directory);
	}

}
