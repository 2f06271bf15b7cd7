package dev.cpg.client.corosync;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ServiceAddressTests {

	@Test
	void aDirectoryThatIsNotThereIsToldFromOneWithoutTheSocket(@TempDir Path directory) {
		assertThat(ServiceAddress.of("cpg", directory).whereElse()).isEqualTo("its sockets are in another directory");
		assertThat(ServiceAddress.of("cpg", directory.resolve("missing")).whereElse())
			.isEqualTo("its sockets are elsewhere: there is no such directory");
	}

}
