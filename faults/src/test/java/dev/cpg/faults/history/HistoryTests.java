package dev.cpg.faults.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * What is written to a history can be read again.
 */
class HistoryTests {

	@TempDir
	private Path directory;

	@Test
	void whatWasWrittenIsRead() throws IOException {
		Path file = this.directory.resolve("n1a#1.history");
		try (HistoryWriter writer = HistoryWriter.open(file)) {
			writer.writeAt(17, "conf", "members", List.of("1:10", "2:20"), "left", List.of(), "joined", "2:20/JOIN");
			writer.write("disconnected", "cause", "the daemon is gone");
		}
		History history = History.read(file);
		assertThat(history.name()).isEqualTo("n1a#1");
		Entry first = history.entries().get(0);
		assertThat(first.time()).isEqualTo(17);
		assertThat(first.kind()).isEqualTo(Kind.CONF);
		assertThat(first.list("members")).containsExactly("1:10", "2:20");
		assertThat(first.list("left")).isEmpty();
		assertThat(first.list("nodes")).isEmpty();
		assertThat(first.text("joined")).isEqualTo("2:20/JOIN");
		assertThat(first.find("join")).isNull();
		assertThat(first.line()).isEqualTo(1);
		assertThat(first).hasToString("17 conf members=1:10,2:20 left= joined=2:20/JOIN");
		Entry second = history.entries().get(1);
		assertThat(second.text("cause")).isEqualTo("the_daemon_is_gone");
		assertThat(second.time()).isCloseTo(System.nanoTime(), within(60_000_000_000L));
	}

	@Test
	void theCutLastLineOfAKilledProcessIsLeftOut() throws IOException {
		Path file = this.directory.resolve("n1a#1.history");
		Files.writeString(file, "1 connected\n2 deliver fro");
		assertThat(History.read(file).entries()).singleElement().hasToString("1 connected");
		Files.writeString(file, "");
		assertThat(History.read(file).entries()).isEmpty();
	}

	@Test
	void aMalformedLineIsAnErrorWithItsPlace() throws IOException {
		for (String line : List.of("x connected", "1", "1 bogus", "1 send id=a#1", "", "1  connected")) {
			Path file = this.directory.resolve("n1a#1.history");
			Files.writeString(file, "1 connected\n" + line + "\n2 connected\n");
			assertThatIllegalArgumentException().as(line)
				.isThrownBy(() -> History.readAll(this.directory))
				.withMessageContaining("n1a#1.history, line 2");
		}
	}

	@Test
	void whatCannotBeReadIsNotWritten() {
		try (HistoryWriter writer = HistoryWriter.open(this.directory.resolve("n1a#1.history"))) {
			assertThatIllegalArgumentException().isThrownBy(() -> writer.write("bogus"));
			assertThatIllegalArgumentException().isThrownBy(() -> writer.write("send", "id", "a#1"))
				.withMessageContaining("size");
		}
	}

	@Test
	void threadsAndInterruptsKeepLinesWhole() throws Exception {
		Path file = this.directory.resolve("n1a#1.history");
		try (HistoryWriter writer = HistoryWriter.open(file)) {
			List<Thread> threads = List.of(new Thread(() -> write(writer, 0)), new Thread(() -> write(writer, 1)));
			threads.forEach(Thread::start);
			for (Thread thread : threads) {
				thread.join();
			}
		}
		Set<String> ids = new TreeSet<>();
		History.read(file).entries().forEach((entry) -> ids.add(entry.text("id")));
		assertThat(ids).hasSize(2_000);
	}

	private static void write(HistoryWriter writer, int thread) {
		Thread.currentThread().interrupt();
		for (int i = 0; i < 1_000; i++) {
			writer.write("send", "id", "n1a#1#" + (2 * i + thread), "size", 100);
		}
	}

	@Test
	void aFileIsGoneOnWith() throws IOException {
		Path file = this.directory.resolve("injector.history");
		Files.writeString(file, "1 calm\n", StandardOpenOption.CREATE);
		try (HistoryWriter writer = HistoryWriter.open(file)) {
			writer.write("agreed");
		}
		assertThat(History.readAll(this.directory)).singleElement()
			.satisfies((history) -> assertThat(history.entries()).hasSize(2));
	}

}
