package dev.cpg.client.internal.ipc.daemon;

import java.nio.file.Path;

import dev.cpg.client.corosync.CorosyncConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ServiceAddressTests {

	@Test
	void aDirectoryThatIsNotThereIsAnotherCaseThanOneWithoutTheSocket(@TempDir Path directory) {
		assertThat(ServiceAddress.of("cpg", directory).whereElse()).isEqualTo("its sockets are in another directory");
		assertThat(ServiceAddress.of("cpg", directory.resolve("missing")).whereElse())
			.isEqualTo("its sockets are elsewhere: there is no such directory");
	}

	@Test
	void aPathThatNoSocketCanHaveIsRefused() {
		Path longest = Path.of("/" + "d".repeat(99));
		assertThat(CorosyncConnector.builder().socketDirectory(longest)).isNotNull();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CorosyncConnector.builder().socketDirectory(Path.of(longest + "d")))
			.withMessageContaining("at most 107 bytes");
	}

}
