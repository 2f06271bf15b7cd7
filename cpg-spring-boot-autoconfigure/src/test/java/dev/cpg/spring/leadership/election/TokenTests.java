package dev.cpg.spring.leadership.election;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TokenTests {

	private static final long NOW = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

	@Test
	void aTokenIsTheMedianOfTheClocksAndTheNode() {
		long since2026 = NOW - Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
		long token = Token.next(Token.NONE, List.of(NOW + 3_600_000, NOW, NOW - 3_600_000), 3);
		assertThat(token).isEqualTo(since2026 << 11 | 3);
		assertThat(Token.next(Token.NONE, List.of(NOW, NOW + 5), 3)).isEqualTo(token);
	}

	@Test
	void aTokenIsHigherThanTheHighestWhateverTheClocksAre() {
		long token = Token.next(Token.NONE, List.of(NOW), 2047);
		assertThat(Token.next(token, List.of(NOW), 1)).isGreaterThan(token);
		assertThat(Token.next(token, List.of(0L), 1)).isGreaterThan(token);
		assertThat(Token.next(Token.NONE, List.of(0L), 1)).isEqualTo(1 << 11 | 1);
	}

	@Test
	void nodesOfRingsThatKnowNothingOfEachOtherChooseDifferentTokens() {
		assertThat(Token.next(7, List.of(NOW), 1)).isNotEqualTo(Token.next(7, List.of(NOW), 2));
		assertThat(Token.next(7, List.of(NOW), 0xFFFF_FFFFL) & 2047).isEqualTo(2047);
	}

	@Test
	void aTokenFarAheadOfAllClocksIsNotCredible() {
		long token = Token.next(Token.NONE, List.of(NOW), 1);
		assertThat(Token.isCredible(token, NOW)).isTrue();
		assertThat(Token.isCredible(token, NOW - 365L * 24 * 3_600_000)).isTrue();
		assertThat(Token.isCredible(Token.next(Token.NONE, List.of(NOW + 367L * 24 * 3_600_000), 1), NOW)).isFalse();
		assertThat(Token.isCredible(Token.MAX, Instant.parse("2094-01-01T00:00:00Z").toEpochMilli())).isFalse();
		assertThat(Token.isCredible(Token.MAX + 1, Long.MAX_VALUE / 2)).isFalse();
		assertThat(Token.isCredible(-1, NOW)).isFalse();
	}

}
