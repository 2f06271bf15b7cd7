package dev.cpg.client.internal.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogLimitTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);

	private final LogLimit limit = new LogLimit(this.now::get);

	private final List<String> lines = new ArrayList<>();

	@Test
	void eachKindIsWrittenOnceAMinuteWithHowManyWereLeftOut() {
		for (int i = 0; i < 100; i++) {
			log("a");
			log("b");
		}
		this.now.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
		log("a");
		assertThat(this.lines).containsExactly("a 0", "b 0");
		this.now.incrementAndGet();
		log("a");
		log("a");
		assertThat(this.lines).containsExactly("a 0", "b 0", "a 100");
	}

	@Test
	void kindsWithoutNumberTakeNoRoomWithoutBound() {
		for (int i = 0; i < 100_000; i++) {
			log("kind " + i);
		}
		assertThat(this.lines).hasSize(64 + 1);
		this.now.addAndGet(LogLimit.PAUSE.toNanos());
		log("a later kind");
		assertThat(this.lines).last().isEqualTo("a later kind 0");
	}

	private void log(String kind) {
		this.limit.log(kind, (leftOut) -> this.lines.add(kind + " " + leftOut));
	}

}
