package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import dev.cpg.client.internal.ipc.daemon.DaemonFile;

/**
 * A file's bytes in memory, in native order, which their owner gives back at once. Java
 * unmaps a buffer when the garbage collector finds it, which on a quiet heap may be
 * never; a service that reconnects would pile them up.
 * <p>
 * An access to a file that was truncated raises its {@link InternalError} "at some later
 * time" in the thread that made it. Should that be in the middle of unmapping, the memory
 * is kept, or Java's cleaner takes it for a failure of its own and calls
 * {@link System#exit}. So a thread that has never touched a mapping does the unmapping.
 */
public final class Mapping {

	private static final Mapper MAPPER = Objects.requireNonNullElseGet(ArenaMapper.find(), CleanerMapper::new);

	/** The most that a buffer over a file has in every JDK. */
	private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

	private final ByteBuffer buffer;

	private final AutoCloseable memory;

	Mapping(ByteBuffer buffer, AutoCloseable memory) {
		this.buffer = buffer.order(ByteOrder.nativeOrder());
		this.memory = memory;
	}

	/**
	 * Maps a whole file, to be read and written.
	 * @throws IOException if it cannot be opened or mapped
	 */
	static Mapping of(DaemonFile file) throws IOException {
		try (FileChannel channel = file.open()) {
			return MAPPER.map(channel, FileChannel.MapMode.READ_WRITE, Math.min(channel.size(), MAX_LENGTH));
		}
	}

	/** Maps a file's first bytes, to be read. */
	public static Mapping ofStart(Path file, int length) throws IOException {
		try (FileChannel channel = FileChannel.open(file)) {
			return MAPPER.map(channel, FileChannel.MapMode.READ_ONLY, length);
		}
	}

	/**
	 * Returns memory that no file stands behind, and that compiled code takes for a
	 * mapping.
	 */
	static Mapping scratch(int length) {
		return MAPPER.allocate(length);
	}

	ByteBuffer buffer() {
		return this.buffer;
	}

	/**
	 * Unmaps on a thread that ends with that. To be called once for each, when nobody
	 * uses them nor will.
	 */
	public static void unmap(Mapping... mappings) {
		if (mappings.length == 0) {
			return;
		}
		Thread thread = new Thread(() -> List.of(mappings).forEach(Mapping::close), "cpg-unmapper");
		thread.setDaemon(true);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// There can be no more threads.
			return;
		}
		boolean interrupted = false;
		while (thread.isAlive()) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
			catch (InternalError ex) {
				// The report of an access that this thread made before.
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void close() {
		try {
			this.memory.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Cannot unmap", ex);
		}
	}

	/** How a JDK maps files so that they can be unmapped. */
	interface Mapper {

		/** Maps a file's first bytes. */
		Mapping map(FileChannel channel, FileChannel.MapMode mode, long length) throws IOException;

		/** Returns memory of the same kind with no file behind. */
		Mapping allocate(int length);

	}

}
