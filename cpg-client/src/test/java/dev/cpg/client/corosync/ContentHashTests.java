package dev.cpg.client.corosync;

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
	void bytesInAnotherOrderHashDifferently() {
		ContentHash hash = new ContentHash();
		byte[] bytes = new byte[64];
		bytes[0] = 1;
		long first = hash.of(bytes);
		for (int lane = 1; lane < 8; lane++) {
			byte[] moved = new byte[64];
			moved[lane * 8] = 1;
			assertThat(hash.of(moved)).as("lane %d", lane).isNotEqualTo(first);
		}
	}

	@Test
	void eachConnectionHashesInItsOwnWay() {
		byte[] bytes = { 1, 2, 3 };
		assertThat(new ContentHash().of(bytes)).isNotEqualTo(new ContentHash().of(bytes));
	}

}
