package dev.cpg.boot.autoconfigure.diagnostics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.cpg.client.internal.ipc.daemon.IdMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessOwnerTests {

	@Test
	void theNumbersAreThoseThatCorosyncSees() throws IOException {
		Path process = Path.of("/proc/self");
		int uid = (int) Files.getAttribute(process, "unix:uid");
		int gid = (int) Files.getAttribute(process, "unix:gid");
		assertThat(ProcessOwner.current().permissionAdvice()).contains("uid: %d\n".formatted(IdMap.uids().outside(uid)))
			.contains("'gid: %d'".formatted(IdMap.gids().outside(gid)));
	}

}
