package dev.cpg.faults.member;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Register}.
 */
class RegisterTests {

	@TempDir
	Path directory;

	@Test
	void aTokenBelowTheHighestIsRefused() {
		Register register = new Register(this.directory.resolve("register"));
		assertThat(register.write(0, 5)).isEqualTo(new Register.Answer(1, true));
		assertThat(register.write(0, 7)).isEqualTo(new Register.Answer(2, true));
		assertThat(register.write(0, 5)).isEqualTo(new Register.Answer(3, false));
		assertThat(register.write(0, 7)).isEqualTo(new Register.Answer(4, true));
	}

	@Test
	void eachRoleHasItsOwn() {
		Register register = new Register(this.directory.resolve("register"));
		assertThat(register.write(0, 7)).isEqualTo(new Register.Answer(1, true));
		assertThat(register.write(1, 5)).isEqualTo(new Register.Answer(2, true));
	}

}
