package dev.cpg.test;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CorosyncClusterMainTests {

	@Test
	@CorosyncTest
	void everyCommandIsAnsweredByOneLine() throws Exception {
		try (MainProcess main = MainProcess.start("--nodes", "2", "--token", "1500", "--set",
				"totem.cluster_name=a=b")) {
			assertThat(Path.of(main.property("node.2.socket-directory"), "cpg")).exists();
			assertThat(Path.of(main.property("node.1.log"))).isNotEmptyFile();
			assertThat(Files.readString(Path.of("/proc", main.property("node.1.pid"), "comm"))).isEqualTo("corosync\n");
			assertThat(main.command("status 1")).matches("ok status 1 ring=\\d\\.[0-9a-f]+ quorate=true nodes=1,2");
			for (String command : new String[] { "pause 1", "resume 1", "cut 1", "heal 1", "stop 1", "start 1",
					"kill 2", "restore" }) {
				assertThat(main.command(command)).isEqualTo("ok " + command);
			}
			assertThat(main.command("status 2")).endsWith("quorate=true nodes=1,2");
			assertThat(main.command("kill 3")).isEqualTo("error kill 3: There is no node 3, the nodes are 1 to 2");
			assertThat(main.command("dance 1")).isEqualTo("error dance 1: no such command");
			assertThat(main.command("quit")).isEqualTo("ok quit");
			assertThat(main.awaitExit()).isZero();
			assertThat(main.nodeDirectory(1)).doesNotExist();
		}
	}

	@Test
	@CorosyncTest(transport = CorosyncCluster.Transport.UDPU)
	void theTransportReachesTheCluster() throws Exception {
		try (MainProcess main = MainProcess.start("--transport", "udpu")) {
			assertThat(main.nodeDirectory(1).resolve("corosync.conf")).content().contains("transport: udpu");
		}
	}

	@Test
	@CorosyncTest
	void theEndOfInputEndsTheCluster() throws Exception {
		try (MainProcess main = MainProcess.start()) {
			assertThat(main.nodeDirectory(1)).exists();
			assertThat(main.endInput()).isZero();
			assertThat(main.nodeDirectory(1)).doesNotExist();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			--nodes 0  | A cluster has 1 to 32 nodes, not 0
			--nodes    | "'--nodes' is no option, or has no value"
			--colour 1 | "There is no option '--colour'"
			--nodes x | "'--nodes' takes a number, not 'x'"
			--transport foo | "'--transport' takes knet or udpu, not 'foo'"
			""")
	void wrongArgumentsAreExplained(String args, String problem) {
		ByteArrayOutputStream err = new ByteArrayOutputStream();
		PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);

		int status = CorosyncClusterMain.run(args.split(" ", -1), new BufferedReader(new StringReader("")), stream,
				stream);

		assertThat(status).isEqualTo(2);
		assertThat(err.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines(problem);
	}

}
