package dev.cpg.faults.member;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The resource that leaders write to: a file that all members of the host share. For each
 * role it has the highest token that it has seen, and refuses a lower one; and it numbers
 * the writes. For one thread at a time.
 */
final class Register {

	private static final int ATTEMPTS = 20;

	private static final long PAUSE_NANOS = 1_000_000;

	private final Path file;

	Register(Path file) {
		this.file = file;
	}

	/**
	 * Writes under a token.
	 * @param role the number of the role
	 * @param token the token
	 * @return the answer, {@code null} if another process keeps the file locked, as one
	 * does that was stopped while it wrote
	 */
	@Nullable Answer write(int role, long token) {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			try (FileLock lock = lock(channel)) {
				return (lock != null) ? write(channel, role, token) : null;
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("The register " + this.file + " cannot be written: " + ex, ex);
		}
	}

	private static @Nullable FileLock lock(FileChannel channel) throws IOException {
		for (int i = 0; i < ATTEMPTS; i++) {
			FileLock lock = channel.tryLock();
			if (lock != null) {
				return lock;
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		return null;
	}

	private static Answer write(FileChannel channel, int role, long token) throws IOException {
		long number = read(channel, 0) + 1;
		long position = (1L + role) * Long.BYTES;
		boolean accepted = token >= read(channel, position);
		put(channel, 0, number);
		if (accepted) {
			put(channel, position, token);
		}
		return new Answer(number, accepted);
	}

	private static long read(FileChannel channel, long position) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
		return (channel.read(buffer, position) == Long.BYTES) ? buffer.getLong(0) : 0;
	}

	private static void put(FileChannel channel, long position, long value) throws IOException {
		channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, value), position);
	}

	/**
	 * What the register says to a write.
	 *
	 * @param number the number of the write
	 * @param accepted whether the token was not lower than one before
	 */
	record Answer(long number, boolean accepted) {
	}

}
