package dev.cpg.client.internal.cpg.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import dev.cpg.client.CpgAddress;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchFormatTests {

	private static final CpgAddress SENDER = new CpgAddress(1, 4711);

	private static final int FIRST_COUNTED = 12;

	/** The example in {@code docs/envelope.md}. */
	@Test
	void aBatchIsWrittenAsTheDocumentSays() {
		assertThat(HexFormat.of().formatHex(batch("ab", "", "c")))
			.isEqualTo("894350470d0a1a0a" + "0202" + "0102" + "8db52c61d1d52aa8" + "0123456789abcdef"
					+ "00000000000000fe" + "00000003" + "00000002" + "6162" + "00000000" + "00000001" + "63");
	}

	@Test
	void onlyItsSenderMadeIt() {
		byte[] batch = batch("ab", "", "c");
		assertThat(BatchFormat.type(batch, batch.length, SENDER)).isEqualTo(BatchFormat.BATCH);
		assertThat(BatchFormat.type(batch, batch.length, new CpgAddress(1, 4712))).isZero();
		assertThat(BatchFormat.type(batch, batch.length, new CpgAddress(2, 4711))).isZero();
	}

	@Test
	void oneThatDiffersAnywhereInItsHeadOrInItsLengthIsNone() {
		byte[] batch = batch("ab", "", "c");
		for (int i = 0; i < BatchFormat.HEAD; i++) {
			byte[] changed = batch.clone();
			changed[i] ^= 3;
			assertThat(BatchFormat.type(changed, changed.length, SENDER)).as("byte %d", i).isZero();
		}
		for (int length = 0; length < batch.length; length++) {
			assertThat(BatchFormat.type(batch, length, SENDER)).as("%d bytes", length).isZero();
		}
		assertThat(BatchFormat.type(Arrays.copyOf(batch, 100), 100, SENDER)).isZero();
	}

	@Test
	void itsMessagesMustFillIt() {
		byte[] batch = batch("ab", "", "c");
		assertThat(BatchFormat.isWhole(batch, batch.length)).isTrue();
		assertThat(BatchFormat.isWhole(Arrays.copyOf(batch, 100), 100)).as("more than that").isFalse();
		for (int length = BatchFormat.HEAD; length < batch.length; length++) {
			assertThat(BatchFormat.isWhole(batch, length)).as("%d bytes", length).isFalse();
		}
		for (int count : new int[] { 0, 1, 2, 4, -1, Integer.MIN_VALUE, Integer.MAX_VALUE }) {
			assertThat(BatchFormat.isWhole(withInt(batch, BatchFormat.HEAD - Integer.BYTES, count), batch.length))
				.as("%d messages", count)
				.isFalse();
		}
		for (int length : new int[] { 0, 1, 3, 6, 7, -1, -4, Integer.MIN_VALUE, Integer.MAX_VALUE }) {
			assertThat(BatchFormat.isWhole(withInt(batch, BatchFormat.HEAD, length), batch.length))
				.as("a first one of %d bytes", length)
				.isFalse();
		}
	}

	@Test
	void whateverItSaysNothingOutsideOfItIsRead() {
		Random random = new Random(7);
		for (int i = 0; i < 200_000; i++) {
			byte[] batch = batch("ab", "", "c", "message", "x".repeat(i % 50));
			for (int change = random.nextInt(4); change >= 0; change--) {
				int at = FIRST_COUNTED + random.nextInt(batch.length - FIRST_COUNTED);
				batch[at] = (byte) random.nextInt();
			}
			int length = BatchFormat.HEAD + random.nextInt(batch.length - BatchFormat.HEAD + 1);
			byte[] exact = Arrays.copyOf(batch, length);
			if (BatchFormat.isWhole(exact, length)) {
				int at = BatchFormat.HEAD;
				for (int left = BatchFormat.count(exact); left > 0; left--) {
					at += BatchFormat.ENTRY + BatchFormat.entryLength(exact, at);
				}
				assertThat(at).isEqualTo(length);
			}
		}
	}

	private static byte[] withInt(byte[] bytes, int at, int value) {
		byte[] changed = bytes.clone();
		ByteBuffer.wrap(changed).putInt(at, value);
		return changed;
	}

	private static byte[] batch(String... messages) {
		ByteBuffer batch = ByteBuffer.allocate(1000).position(BatchFormat.HEAD);
		for (String message : messages) {
			batch.putInt(message.length()).put(message.getBytes(StandardCharsets.UTF_8));
		}
		byte[] bytes = Arrays.copyOf(batch.array(), batch.position());
		BatchFormat.writeHead(bytes, bytes.length, SENDER, BatchFormat.BATCH, 0x0123_4567_89AB_CDEFL, 0xFE,
				messages.length);
		return bytes;
	}

}
