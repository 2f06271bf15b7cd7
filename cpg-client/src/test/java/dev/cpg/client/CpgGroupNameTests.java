package dev.cpg.client;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CpgGroupNameTests {

	@Test
	void namesAreTheSameIfTheirBytesAre() {
		assertThat(CpgGroupName.of("orders")).isEqualTo(CpgGroupName.of("orders"))
			.hasSameHashCodeAs(CpgGroupName.of("orders"))
			.isNotEqualTo(CpgGroupName.of("order"));
	}

	@Test
	void aTerminatedNameIsAnotherNameWithTheSameText() {
		CpgGroupName terminated = CpgGroupName.ofTerminated("orders");
		assertThat(terminated).isNotEqualTo(CpgGroupName.of("orders")).hasToString("orders\\0");
		assertThat(terminated.text()).isEqualTo(CpgGroupName.of("orders").text()).isEqualTo("orders");
		assertThat(terminated.toBytes()).hasSize(7).endsWith(0);
	}

	@Test
	void differentNamesAreShownDifferently() {
		byte[][] names = { { 'a' }, { 'a', 0 }, { 'a', 0, 0 }, { 0, 'a' }, { 0 }, { 'a', '\\', '0' },
				{ 'a', '\\', '\\', '0' }, { 'a', ' ' }, { 'a', '\n' }, { (byte) 0xFF }, { (byte) 0xFE },
				{ '\\', 'x', 'F', 'F' }, { (byte) 0xC3, (byte) 0xBC }, { (byte) 0xC3 },
				{ (byte) 0xEF, (byte) 0xBF, (byte) 0xBD } };
		assertThat(Arrays.stream(names).map((bytes) -> CpgGroupName.of(bytes).toString())).doesNotHaveDuplicates();
	}

	@Test
	void aNameIsShownInOneLineWhateverItsCharacters() {
		assertThat(CpgGroupName.of("a\nb\rc\u0085d\u2028e\u2029f\u202Eg\u001B[31m"))
			.hasToString("a\\x{A}b\\x{D}c\\x{85}d\\x{2028}e\\x{2029}f\\x{202E}g\\x{1B}[31m");
		assertThat(CpgGroupName.of(new byte[] { 'a', (byte) 0xFF, 'b' })).hasToString("a\\xFFb");
		assertThat(CpgGroupName.of("auftr\u00E4ge \uD83D\uDE00")).hasToString("auftr\u00E4ge \uD83D\uDE00");
	}

	@Test
	void theLimitIsCountedInBytesOfUtf8() {
		assertThat(CpgGroupName.of("ü".repeat(64)).toBytes()).hasSize(128);
		assertThatIllegalArgumentException().isThrownBy(() -> CpgGroupName.of("ü".repeat(65)))
			.withMessageContaining("at most 128 bytes")
			.withMessageContaining("has 130");
		assertThatIllegalArgumentException().isThrownBy(() -> CpgGroupName.ofTerminated("x".repeat(128)));
	}

	@Test
	void anEmptyNameIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> CpgGroupName.of(""));
		assertThatIllegalArgumentException().isThrownBy(() -> CpgGroupName.ofTerminated(""));
	}

	@Test
	void theBytesCannotBeChangedFromOutside() {
		byte[] bytes = { 'a', 'b' };
		CpgGroupName name = CpgGroupName.of(bytes);
		bytes[0] = 'x';
		name.toBytes()[1] = 'x';
		assertThat(name).hasToString("ab");
	}

	@Test
	void aTextThatLostBytesInDecodingIsNoName() {
		assertThatIllegalArgumentException().isThrownBy(() -> CpgGroupName.of("auftr\uFFFDge"))
			.withMessageContaining("UTF-8 locale");
		assertThat(CpgGroupName.of("auftr\u00FCge").toBytes()).hasSize(9);
	}

}
