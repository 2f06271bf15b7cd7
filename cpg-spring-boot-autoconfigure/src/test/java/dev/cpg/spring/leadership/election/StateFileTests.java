package dev.cpg.spring.leadership.election;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class StateFileTests {

	@TempDir
	private Path directory;

	@Test
	void aFileThatIsNotThereHasNoTokens() throws IOException {
		assertThat(new StateFile(file()).tokens()).isEmpty();
		assertThat(file()).doesNotExist();
	}

	@Test
	void tokensAreThereAfterARestart() throws IOException {
		StateFile file = new StateFile(file());
		file.write("billing", 7);
		file.write("a role\nm\u00fcll 5", Token.MAX);
		file.write("billing", 8);
		assertThat(new StateFile(file()).tokens())
			.containsExactlyInAnyOrderEntriesOf(Map.of("billing", 8L, "a role\nm\u00fcll 5", Token.MAX));
		assertThat(this.directory).isDirectoryNotContaining((path) -> !path.equals(file()));
	}

	@Test
	void aFileThatWasNotFinishedDoesNoHarm() throws IOException {
		new StateFile(file()).write("billing", 7);
		Files.writeString(this.directory.resolve("tokens.new"), "half");
		StateFile file = new StateFile(file());
		assertThat(file.tokens()).containsEntry("billing", 7L);
		file.write("billing", 8);
		assertThat(new StateFile(file()).tokens()).containsEntry("billing", 8L);
	}

	@Test
	void aDamagedFileIsRefusedWithWhatToDo() throws IOException {
		new StateFile(file()).write("billing", 7);
		byte[] good = Files.readAllBytes(file());
		for (int i = 0; i < good.length; i++) {
			byte[] changed = good.clone();
			changed[i] ^= 1;
			Files.write(file(), changed);
			assertRefused();
			Files.write(file(), Arrays.copyOf(good, i));
			assertRefused();
		}
		Files.write(file(), new byte[] { (byte) 0xff, (byte) 0xfe });
		assertRefused();
		Files.write(file(), new byte[2 << 20]);
		assertRefused();
	}

	@Test
	void aMissingDirectoryIsNamed() {
		assertThatIOException().isThrownBy(() -> new StateFile(this.directory.resolve("none/tokens")))
			.withMessageContaining("no directory " + this.directory.resolve("none"));
	}

	private void assertRefused() {
		assertThatIOException().isThrownBy(() -> new StateFile(file()))
			.withMessageContaining(file() + ", is damaged")
			.withMessageContaining("Remove it");
	}

	private Path file() {
		return this.directory.resolve("tokens");
	}

}
