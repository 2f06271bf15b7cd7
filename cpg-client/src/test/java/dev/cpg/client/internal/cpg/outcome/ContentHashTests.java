package dev.cpg.client.internal.cpg.outcome;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ContentHashTests {

	@Test
	void equalBytesHashEqually() {
		ContentHash hash = new ContentHash();
		assertThat(hash.of(new byte[] { 1, 2, 3 })).isEqualTo(hash.of(new byte[] { 1, 2, 3 }));
	}

	@Test
	void oneBitAnywhereChangesTheHash() {
		ContentHash hash = new ContentHash();
		Random random = new Random(7);
		for (int length = 1; length < 400; length++) {
			byte[] bytes = new byte[length];
			random.nextBytes(bytes);
			Set<Long> seen = new HashSet<>();
			seen.add(hash.of(bytes));
			for (int bit = 0; bit < length * 8; bit++) {
				bytes[bit / 8] ^= (byte) (1 << (bit % 8));
				assertThat(seen.add(hash.of(bytes))).as("length %d, bit %d", length, bit).isTrue();
				bytes[bit / 8] ^= (byte) (1 << (bit % 8));
			}
		}
	}

	@Test
	void whatChangesInTheMiddleOfALongMessageChangesTheHash() {
		assertCounterChangesTheHash(ContentHash.BEGINNING, ContentHash.BEGINNING / 2);
	}

	@Test
	void whatChangesAtAnEndOfALargeMessageChangesTheHash() {
		for (int length : new int[] { ContentHash.BEGINNING + 1, 70_000, 1_047_552 }) {
			assertCounterChangesTheHash(length, 0);
			assertCounterChangesTheHash(length, ContentHash.BEGINNING - Integer.BYTES);
			assertCounterChangesTheHash(length, length - ContentHash.SAMPLE);
			assertCounterChangesTheHash(length, length - Integer.BYTES);
		}
	}

	@Test
	void whatChangesManyBytesOfALargeMessageChangesTheHash() {
		ContentHash hash = new ContentHash();
		byte[] bytes = new byte[70_000];
		Set<Long> seen = new HashSet<>();
		for (int from = 0; from < bytes.length; from += 10_000) {
			Arrays.fill(bytes, from, from + 10_000, (byte) 1);
			assertThat(seen.add(hash.of(bytes))).as("from %d", from).isTrue();
		}
	}

	private static void assertCounterChangesTheHash(int length, int at) {
		ContentHash hash = new ContentHash();
		byte[] bytes = new byte[length];
		new Random(8).nextBytes(bytes);
		Set<Long> seen = new HashSet<>();
		for (int counter = 0; counter < 1_000; counter++) {
			ByteBuffer.wrap(bytes).putInt(at, counter);
			assertThat(seen.add(hash.of(bytes))).as("length %d, counter %d at %d", length, counter, at).isTrue();
		}
	}

	@Test
	void onlyTheFirstBytesOfAnArrayCount() {
		ContentHash hash = new ContentHash();
		for (int length : new int[] { 0, 1, 100, 128, 129, 4000, 5000 }) {
			byte[] bytes = new byte[length];
			new Random(9).nextBytes(bytes);
			byte[] longer = Arrays.copyOf(bytes, length + 77);
			longer[length] = 1;
			assertThat(hash.of(longer, length)).as("length %d", length).isEqualTo(hash.of(bytes));
		}
	}

	@Test
	void bytesInAnotherOrderHashDifferently() {
		ContentHash hash = new ContentHash();
		for (int length : new int[] { 64, 640 }) {
			Set<Long> seen = new HashSet<>();
			for (int word = 0; word < length / Long.BYTES; word++) {
				byte[] bytes = new byte[length];
				bytes[word * Long.BYTES] = 1;
				assertThat(seen.add(hash.of(bytes))).as("length %d, word %d", length, word).isTrue();
			}
		}
	}

	@Test
	void eachConnectionHashesInItsOwnWay() {
		byte[] bytes = { 1, 2, 3 };
		assertThat(new ContentHash().of(bytes)).isNotEqualTo(new ContentHash().of(bytes));
	}

}
