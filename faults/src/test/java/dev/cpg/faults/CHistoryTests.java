package dev.cpg.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.cpg.faults.history.HistoryWriter;
import dev.cpg.faults.member.Content;
import dev.cpg.test.LibcpgPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CHistory}.
 */
class CHistoryTests {

	@TempDir
	Path directory;

	private final CHistory history = new CHistory();

	@Test
	void eventsOfTheProgramBecomeLinesOfAHistory() throws IOException {
		CHistory.Incarnation incarnation = this.history.begin("n2c#1", "2/20");
		assertThat(incarnation
			.add(List.of("confchg group=g members=1/10,2/20 left= joined=2/20:JOIN", "totem ring=1.24 members=1,2")))
			.isTrue();
		assertThat(incarnation.add(List.of("confchg group=g members=1/10,2/20 left= joined=2/20:JOIN",
				"totem ring=1.24 members=1,2", "deliver 1/10 9 0badcafe n1a#1#1 - x", "deliver 1/10 40 01234567 -",
				"confchg group=g members=2/20 left=1/10:NODEDOWN joined=", "disconnected 2")))
			.isFalse();
		assertThat(written("n2c#1")).containsExactly("start member=2:20 name=n2c#1", "connected",
				"conf members=1:10,2:20 left= joined=2:20/JOIN", "totem ring=1:24 nodes=1,2",
				"deliver from=1:10 id=n1a#1#1 hash=0badcafe", "conf members=2:20 left=1:10/NODEDOWN joined=",
				"disconnected cause=2");
	}

	@Test
	void aHistoryEndsWithTheLeave() throws IOException {
		CHistory.Incarnation incarnation = this.history.begin("n2c#1", "2/20");
		assertThat(incarnation.add(List.of("deliver 1/10 9 0badcafe n1a#1#1 - x"))).isTrue();
		assertThat(incarnation.hasLeft()).isFalse();
		assertThat(incarnation
			.add(List.of("deliver 1/10 9 0badcafe n1a#1#1 - x", "confchg group=g members=1/10 left=2/20:LEAVE joined=",
					"confchg group=g members=1/10,3/30 left= joined=3/30:JOIN")))
			.isFalse();
		assertThat(incarnation.hasLeft()).isTrue();
		assertThat(written("n2c#1")).endsWith("conf members=1:10 left=2:20/LEAVE joined=", "disconnected cause=left");
	}

	@Test
	void aLargeMessageIsRecognisedByItsChecksum() throws IOException {
		try (HistoryWriter sender = HistoryWriter.open(this.directory.resolve("n1a#1.history"))) {
			sender.write("send", "id", "n1a#1#5", "size", 1000);
		}
		String checksum = LibcpgPeer.checksum(new Content("n1a#1#5", Content.NO_NOTE).bytes(1000));
		this.history.begin("n2c#1", "2/20").add(List.of("deliver 1/10 1000 " + checksum + " -"));
		assertThat(written("n2c#1")).last().isEqualTo("deliver from=1:10 id=n1a#1#5 hash=" + checksum);
	}

	private List<String> written(String name) throws IOException {
		this.history.write(this.directory);
		return Files.readAllLines(this.directory.resolve(name + ".history"))
			.stream()
			.map((line) -> line.substring(line.indexOf(' ') + 1))
			.toList();
	}

}
