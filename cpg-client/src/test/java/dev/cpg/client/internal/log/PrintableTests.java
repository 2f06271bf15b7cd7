package dev.cpg.client.internal.log;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PrintableTests {

	@ParameterizedTest
	@ValueSource(ints = { '\n', '\r', '\t', 0, 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x2029, 0xad, 0x61c, 0x200b, 0x200e,
			0x200f, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xe000, 0xe0001, 0xffff, 0xd800 })
	void nothingPassesThatEndsALineOrHidesWhatStandsInIt(int codePoint) {
		String hostile = "a" + Character.toString(codePoint) + "b";
		assertThat(Printable.of(hostile)).isEqualTo("a?b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "Aufträge 'für' München", "заказы", "注文", "\uD83D\uDE00 [31m", "" })
	void whatPeopleReadStays(String text) {
		assertThat(Printable.of(text)).isEqualTo(text);
	}

	@Test
	void aLongTextIsCut() {
		assertThat(Printable.of("x".repeat(100_000))).hasSize(2000 + 3).endsWith("x...");
		assertThat(Printable.of("a\n".repeat(10), 4)).isEqualTo("a?a?...");
	}

	@Test
	void aTextThatCannotBeHadIsNoFailure() {
		Object hostile = new Object() {

			@Override
			public String toString() {
				throw new StackOverflowError();
			}

		};
		assertThat(Printable.of(hostile)).endsWith("(its toString failed)");
		assertThat(Printable.of(null)).isEqualTo("null");
	}

	@Test
	void oneIsNotSeveral() {
		assertThat(Printable.count(0, "member")).isEqualTo("0 members");
		assertThat(Printable.count(1, "member")).isEqualTo("1 member");
		assertThat(Printable.count(2, "member")).isEqualTo("2 members");
	}

}
