package dev.cpg.boot.autoconfigure.diagnostics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The numbers of users in a user namespace, from the kernel's table: a process with other
 * ones than the daemon sees could not read the tests' class path.
 */
class ProcessOwnerTests {

	@Test
	void theNumberIsTheOneThatCorosyncSees(@TempDir Path directory) throws IOException {
		Path map = Files.writeString(directory.resolve("uid_map"),
				"         0       1001          1\n 1 100000 65536\n");
		assertThat(ProcessOwner.outside(0, map)).isEqualTo(1001);
		assertThat(ProcessOwner.outside(33, map)).isEqualTo(100_032);
		assertThat(ProcessOwner.outside(70_000, map)).isEqualTo(70_000);
	}

}
