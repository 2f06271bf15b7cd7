package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Both directions of a ring against each other; that libqb agrees is shown by the tests
 * on a real daemon.
 */
class RingTests {

	private static final int WORDS = 64;

	@TempDir
	private Path directory;

	private Path files;

	private MappedRing writerSide;

	private MappedRing readerSide;

	private RequestRing writer;

	private ReceiveRing reader;

	@BeforeEach
	void open() throws IOException {
		this.files = RingFiles.create(this.directory, "ring", WORDS);
		this.writerSide = RingFiles.open(this.files);
		this.readerSide = RingFiles.open(this.files);
		this.writer = new RequestRing(this.writerSide);
		this.reader = new ReceiveRing(this.readerSide);
	}

	@AfterEach
	void close() {
		this.writerSide.unmap();
		this.readerSide.unmap();
	}

	@Test
	void whatGoesInComesOutWhereverTheRingWraps() throws IOException {
		Random random = new Random(42);
		Deque<byte[]> expected = new ArrayDeque<>();
		int wraps = 0;
		for (int round = 0; round < 10_000; round++) {
			byte[] chunk = new byte[random.nextInt(120)];
			random.nextBytes(chunk);
			if (this.writer.claim(chunk.length)) {
				this.writer.putBytes(0, chunk, 0, chunk.length);
				this.writer.commit();
				this.writerSide.addToSemaphore(1);
				expected.add(chunk);
				wraps++;
			}
			else {
				assertThat(expected).as("a refusal of a ring that is empty").isNotEmpty();
			}
			if (random.nextBoolean() && !expected.isEmpty()) {
				assertTakes(expected.remove());
			}
		}
		while (!expected.isEmpty()) {
			assertTakes(expected.remove());
		}
		assertThat(wraps).isGreaterThan(WORDS);
		assertThat(this.reader.isReady()).isFalse();
	}

	private void assertTakes(byte[] expected) throws IOException {
		assertThat(this.reader.isReady()).isTrue();
		byte[] taken = new byte[expected.length];
		this.reader.take((frame) -> {
			assertThat(frame.length()).isEqualTo(expected.length);
			frame.getBytes(0, taken);
			if (expected.length >= 4) {
				assertThat((byte) frame.getInt(0)).isEqualTo(expected[0]);
			}
		});
		assertThat(taken).isEqualTo(expected);
	}

	@Test
	void anEmptyRingTakesWhatItsCapacityPromisesAndNoByteMore() throws IOException {
		assertThat(this.writer.claim(this.writer.capacity() + 1)).isFalse();
		assertThat(this.writer.claim(this.writer.capacity())).isTrue();
	}

	@Test
	void aRingIsCountedAsOpenByEachSideUntilItIsUnmapped() throws IOException {
		assertThat(referenceCount()).isEqualTo(2);
		MappedRing third = RingFiles.open(this.files);
		assertThat(referenceCount()).isEqualTo(3);
		third.unmap();
		assertThat(referenceCount()).isEqualTo(2);
	}

	private int referenceCount() throws IOException {
		try (RandomAccessFile header = new RandomAccessFile(this.files + "-header", "r")) {
			header.seek(RingLayout.REFERENCE_COUNT);
			return Integer.reverseBytes(header.readInt());
		}
	}

	@Test
	void aChunkThatIsNotReadyIsNotTaken() {
		assertThatExceptionOfType(RingCorruptException.class).isThrownBy(() -> this.reader.take((frame) -> {
		})).withMessageContaining("magic");
	}

	@Test
	void aChunkThatClaimsMoreThanTheRingHoldsIsNotTaken() throws IOException {
		for (int length : new int[] { -1, Integer.MIN_VALUE, Integer.MAX_VALUE, WORDS * RingLayout.WORD }) {
			this.writerSide.chunkLength(0, length);
			this.writerSide.magic(0, RingLayout.MAGIC_READY);
			assertThatExceptionOfType(RingCorruptException.class).as("length %d", length)
				.isThrownBy(() -> this.reader.take((frame) -> {
				}))
				.withMessageContaining("claims " + length);
		}
	}

	@Test
	void anIndexOutsideOfTheRingIsNotFollowed() {
		for (int index : new int[] { -1, WORDS, Integer.MAX_VALUE }) {
			this.readerSide.index(RingLayout.READ_INDEX, index);
			assertThatExceptionOfType(RingCorruptException.class).as("index %d", index)
				.isThrownBy(() -> this.writer.claim(4));
		}
	}

	@Test
	void aRingWhoseFilesAreTooSmallForItsClaimIsNotOpened() throws IOException {
		Path small = RingFiles.create(this.directory, "small", WORDS);
		try (RandomAccessFile data = new RandomAccessFile(small + "-data", "rw")) {
			data.setLength(WORDS);
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> RingFiles.open(small))
			.withMessageContaining("claims 64 words");
		for (int words : new int[] { -1, 0, Integer.MAX_VALUE }) {
			Path lying = RingFiles.create(this.directory, "lying" + words, WORDS);
			RingFiles.open(lying).unmap();
			try (RandomAccessFile header = new RandomAccessFile(lying + "-header", "rw")) {
				header.seek(RingLayout.RING_WORDS);
				header.writeInt(Integer.reverseBytes(words));
			}
			assertThatExceptionOfType(IOException.class).as("words %d", words).isThrownBy(() -> RingFiles.open(lying));
		}
	}

	@Test
	void aFrameReadsNumbersAsTheyAreOnTheWire() throws IOException {
		byte[] chunk = new byte[16];
		Arrays.fill(chunk, 0, 4, (byte) 0xFF);
		chunk[4] = 1;
		chunk[8] = 2;
		assertThat(this.writer.claim(chunk.length)).isTrue();
		this.writer.putBytes(0, chunk, 0, chunk.length);
		this.writer.commit();
		this.reader.take((frame) -> {
			assertThat(frame.getUnsignedInt(0)).isEqualTo(0xFFFF_FFFFL);
			assertThat(frame.getInt(4)).isEqualTo(1);
			assertThat(frame.getLong(4)).isEqualTo(0x2_0000_0001L);
		});
	}

}
