package dev.cpg.boot.autoconfigure.leadership;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(30)
class HealthWatchTests {

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

	private final List<Boolean> reports = new CopyOnWriteArrayList<>();

	@AfterEach
	void end() {
		this.executor.shutdownNow();
	}

	@Test
	void aCheckThatHangsCountsAsDownAndIsNotRepeatedBeforeItReturns() {
		AtomicInteger checks = new AtomicInteger();
		AtomicReference<CountDownLatch> hanging = new AtomicReference<>(new CountDownLatch(0));
		HealthWatch watch = new HealthWatch("billing", () -> {
			checks.incrementAndGet();
			try {
				hanging.get().await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return true;
		}, this.reports::add, this.executor, Duration.ofMillis(100), null);
		watch.request();
		await().untilAsserted(() -> assertThat(this.reports).containsExactly(true));
		CountDownLatch hang = new CountDownLatch(1);
		hanging.set(hang);
		watch.request();
		await().untilAsserted(() -> assertThat(this.reports).containsExactly(true, false));
		int begun = checks.get();
		watch.request();
		watch.request();
		assertThat(checks).hasValue(begun);
		hanging.set(new CountDownLatch(0));
		hang.countDown();
		await().untilAsserted(() -> assertThat(this.reports).containsExactly(true, false, true));
		await().untilAsserted(() -> assertThat(checks).hasValue(begun + 1));
	}

	@Test
	void aCheckHasTheClassLoaderOfTheApplication() {
		AtomicReference<ClassLoader> seen = new AtomicReference<>();
		ClassLoader application = new ClassLoader() {
		};
		new HealthWatch("billing", () -> {
			seen.set(Thread.currentThread().getContextClassLoader());
			return true;
		}, this.reports::add, this.executor, Duration.ofSeconds(10), application).request();
		await().untilAsserted(() -> assertThat(this.reports).containsExactly(true));
		assertThat(seen).hasValue(application);
	}

}
