package dev.cpg.spring.leadership.election;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class FloorRetryTests {

	private static final List<String> ROLES = List.of("billing");

	private final AtomicBoolean away = new AtomicBoolean(true);

	private final AtomicInteger asked = new AtomicInteger();

	private final BlockingQueue<Map<String, Long>> answers = new LinkedBlockingQueue<>();

	private final TokenMemory tokens = new TokenMemory(null, () -> List.of((role) -> {
		this.asked.incrementAndGet();
		if (this.away.get()) {
			throw new IllegalStateException("away on purpose");
		}
		return OptionalLong.of(7);
	}));

	private final FloorRetry retry = new FloorRetry(this.tokens, () -> this.answers.add(this.tokens.known(ROLES)));

	@AfterEach
	void end() {
		this.retry.end();
	}

	@Test
	void aResourceIsAskedUntilItAnswers() throws InterruptedException {
		this.tokens.read(ROLES);
		this.retry.begin();
		assertThat(this.answers.poll(20, TimeUnit.SECONDS)).isEmpty();
		this.away.set(false);
		assertThat(this.answers.poll(20, TimeUnit.SECONDS)).containsExactly(Map.entry("billing", 7L));
		assertThat(this.tokens.isMissing()).isFalse();
	}

	@Test
	void afterTheEndNobodyIsAsked() {
		this.tokens.read(ROLES);
		this.retry.begin();
		this.retry.end();
		await().during(1500, TimeUnit.MILLISECONDS).until(() -> this.asked.get() == 1);
	}

	@Test
	void whoHasAnsweredIsNotAskedAgain() {
		this.away.set(false);
		this.tokens.read(ROLES);
		this.retry.begin();
		await().during(1500, TimeUnit.MILLISECONDS).until(() -> this.asked.get() == 1);
	}

}
