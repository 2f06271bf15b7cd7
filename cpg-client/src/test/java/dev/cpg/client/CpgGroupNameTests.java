package dev.cpg.client;

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
	void aTerminatedNameIsAnotherNameThatReadsTheSame() {
		CpgGroupName terminated = CpgGroupName.ofTerminated("orders");
		assertThat(terminated).isNotEqualTo(CpgGroupName.of("orders")).hasToString("orders");
		assertThat(terminated.toBytes()).hasSize(7).endsWith(0);
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
