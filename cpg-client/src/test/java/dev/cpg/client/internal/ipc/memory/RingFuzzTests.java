package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import dev.cpg.client.corosync.Fuzzing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rings whose headers and chunks were changed at random are opened, read and written.
 * Nothing may come of it but frames that lie in the ring, or an {@link IOException}.
 */
@Timeout(600)
class RingFuzzTests {

	private static final int CASES = 100_000;

	private static final int WORDS = 256;

	private static final int CHUNKS = 8;

	private static final long SMALL = 1 << 20;

	@TempDir
	private Path directory;

	private Path files;

	private MappedRing daemon;

	private MappedRing client;

	@BeforeEach
	void open() throws IOException {
		this.files = RingFiles.create(this.directory, "ring", WORDS);
		this.daemon = RingFiles.open(this.files);
		this.client = RingFiles.open(this.files);
	}

	@AfterEach
	void close() {
		this.daemon.unmap();
		this.client.unmap();
	}

	@Test
	void noChunkIsReadThatDoesNotLieInTheRing() {
		Fuzzing.run(CASES, 0.25, (random) -> {
			fill(random);
			for (int i = random.nextInt(3); i >= 0; i--) {
				this.daemon.data().putInt(random.nextInt(WORDS) * RingLayout.WORD, chunkWord(random));
			}
			if (random.nextInt(4) == 0) {
				this.daemon.index(RingLayout.READ_INDEX, Fuzzing.number(random));
			}
			readAll();
		});
	}

	@Test
	void nothingIsWrittenOutsideOfTheRing() {
		Fuzzing.run(CASES, 0.04, (random) -> {
			this.daemon.index(RingLayout.WRITE_INDEX, random.nextInt(WORDS));
			RequestRing writer = new RequestRing(this.client);
			this.daemon.index(RingLayout.READ_INDEX, Fuzzing.number(random));
			byte[] message = new byte[random.nextInt(2 * WORDS * RingLayout.WORD)];
			try {
				if (writer.claim(message.length)) {
					writer.putBytes(0, message, 0, message.length);
					writer.commit();
				}
			}
			catch (RingCorruptException ex) {
				assertThat(ex).hasMessageContaining("outside");
			}
		});
	}

	@Test
	void noRingIsOpenedWhoseHeaderIsWrong() {
		Fuzzing.run(CASES, 0.01, (random) -> {
			Path lying = RingFiles.create(this.directory, "lying", WORDS);
			mutateFile(random, Path.of(lying + "-header"), 12);
			mutateFile(random, Path.of(lying + "-data"), WORDS * RingLayout.WORD);
			long before = Fuzzing.allocated();
			try {
				MappedRing ring = RingFiles.open(lying);
				assertThat(ring.bytes()).isLessThanOrEqualTo((int) Files.size(Path.of(lying + "-data")));
				ring.unmap();
			}
			catch (IOException ex) {
				assertThat(ex).hasMessageContaining("lying");
			}
			assertThat(Fuzzing.allocated() - before).as("bytes allocated").isLessThan(SMALL);
			Files.delete(Path.of(lying + "-header"));
			Files.delete(Path.of(lying + "-data"));
		});
	}

	/** Puts a few true chunks in, somewhere in the ring. */
	private void fill(Random random) throws IOException {
		int at = random.nextInt(WORDS);
		this.daemon.index(RingLayout.READ_INDEX, at);
		this.daemon.index(RingLayout.WRITE_INDEX, at);
		this.daemon.addToSemaphore(-this.daemon.semaphore());
		RequestRing writer = new RequestRing(this.daemon);
		for (int i = 0; i < CHUNKS; i++) {
			byte[] chunk = new byte[random.nextInt(100)];
			if (writer.claim(chunk.length)) {
				writer.putBytes(0, chunk, 0, chunk.length);
				writer.commit();
				this.daemon.addToSemaphore(1);
			}
		}
	}

	private static int chunkWord(Random random) {
		return switch (random.nextInt(4)) {
			case 0 -> RingLayout.MAGIC_READY;
			case 1 -> (WORDS * RingLayout.WORD) - random.nextInt(16);
			default -> Fuzzing.number(random);
		};
	}

	/** Takes as many chunks as bells may have been heard, and all of each. */
	private void readAll() {
		long before = Fuzzing.allocated();
		try {
			ReceiveRing reader = new ReceiveRing(this.client);
			for (int i = 0; i < 2 * CHUNKS; i++) {
				reader.take((frame) -> {
					assertThat(frame.length()).isBetween(0, WORDS * RingLayout.WORD - RingLayout.CHUNK_MARGIN);
					frame.getBytes(0, new byte[frame.length()]);
					for (int at = 0; at + Integer.BYTES <= frame.length(); at += Integer.BYTES) {
						frame.getInt(at);
					}
				});
				assertThat(this.client.index(RingLayout.READ_INDEX)).isBetween(0, WORDS - 1);
			}
		}
		catch (RingCorruptException ex) {
			assertThat(ex).hasMessageMatching("(index|no chunk|a chunk).*");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		assertThat(Fuzzing.allocated() - before).as("bytes allocated").isLessThan(SMALL);
	}

	private static void mutateFile(Random random, Path file, int length) throws IOException {
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
			bytes.seek((long) random.nextInt(length / RingLayout.WORD) * RingLayout.WORD);
			bytes.writeInt(Integer.reverseBytes(Fuzzing.number(random)));
			if (random.nextInt(4) == 0) {
				bytes.setLength(random.nextInt((int) bytes.length() + 1));
			}
		}
	}

}
