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
		ContentHash hash = new ContentHash();
		byte[] bytes = new byte[70_000];
		new Random(8).nextBytes(bytes);
		Set<Long> seen = new HashSet<>();
		for (int counter = 0; counter < 10_000; counter++) {
			ByteBuffer.wrap(bytes).putInt(35_000, counter);
			assertThat(seen.add(hash.of(bytes))).as("counter %d", counter).isTrue();
		}
	}

	@Test
	void onlyTheFirstBytesOfAnArrayCount() {
		ContentHash hash = new ContentHash();
		for (int length : new int[] { 0, 1, 100, 128, 129, 5000 }) {
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
