package dev.cpg.spring;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ListenerWatchdogTests {

	private static final Duration THRESHOLD = Duration.ofMillis(100);

	private final ListenerCalls calls = new ListenerCalls((ex) -> {
	});

	private final AtomicInteger wakes = new AtomicInteger();

	private final ListenerWatchdog watchdog = new ListenerWatchdog(this.calls, settings(THRESHOLD),
			this.wakes::incrementAndGet);

	@Test
	void isNotDueWhileNothingIsDispatched() {
		assertThat(this.watchdog.perform()).isEqualTo(Upkeep.NOTHING_DUE);
		dispatch();
		assertThat(this.watchdog.perform()).isBetween(1L, THRESHOLD.toNanos());
		this.calls.end();
		assertThat(this.watchdog.perform()).isEqualTo(Upkeep.NOTHING_DUE);
	}

	@Test
	void isWokenByTheFirstEventAfterAQuietTimeOnly() {
		for (int i = 0; i < 3; i++) {
			dispatch();
			this.calls.end();
		}
		assertThat(this.wakes).hasValue(1);
		this.watchdog.perform();
		dispatch();
		assertThat(this.wakes).hasValue(2);
	}

	@Test
	void aSlowListenerIsNamedOnceAndOnlyOnceAMinute(CapturedOutput output) {
		dispatch();
		this.calls.listener("the slow one");
		await().untilAsserted(() -> {
			assertThat(this.watchdog.perform()).isPositive();
			assertThat(output).contains("the slow one has been busy with CpgConnectedEvent");
		});
		for (int i = 0; i < 5; i++) {
			this.watchdog.perform();
		}
		this.calls.end();
		dispatch();
		this.calls.listener("the next one");
		await().pollDelay(THRESHOLD.multipliedBy(2)).until(() -> this.watchdog.perform() > 0);
		assertThat(output.toString().split("has been busy", -1)).hasSize(2);
	}

	@Test
	void quickListenersAreNotNamed(CapturedOutput output) {
		ListenerWatchdog patient = new ListenerWatchdog(this.calls, settings(Duration.ofSeconds(1)),
				this.wakes::incrementAndGet);
		AtomicInteger events = new AtomicInteger();
		await().pollInterval(Duration.ofMillis(100)).until(() -> {
			patient.perform();
			this.calls.end();
			this.calls.begin(event());
			patient.dispatching();
			return events.incrementAndGet() > 12;
		});
		assertThat(output).doesNotContain("busy");
	}

	@Test
	void theThreadThatPerformsItSleepsWithoutALimitWhileNothingIsDispatched() throws InterruptedException {
		MembershipThread thread = new MembershipThread("membership");
		ListenerWatchdog watchdog = new ListenerWatchdog(this.calls, settings(THRESHOLD), thread::wake);
		AtomicBoolean over = new AtomicBoolean();
		Thread[] performer = new Thread[1];
		CountDownLatch started = new CountDownLatch(1);
		thread.execute(() -> {
			performer[0] = Thread.currentThread();
			started.countDown();
			new Upkeep(thread, watchdog).until(over::get);
		});
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
		await().until(() -> performer[0].getState() == Thread.State.WAITING);
		this.calls.begin(event());
		watchdog.dispatching();
		await().until(() -> performer[0].getState() == Thread.State.TIMED_WAITING);
		this.calls.end();
		await().until(() -> performer[0].getState() == Thread.State.WAITING);
		over.set(true);
		thread.wake();
		await().until(() -> !performer[0].isAlive());
	}

	private void dispatch() {
		this.calls.begin(event());
		this.watchdog.dispatching();
	}

	private static CpgEvent event() {
		return new CpgConnectedEvent("a test", "orders", new CpgAddress(1, 2));
	}

	private static CpgMembershipSettings settings(Duration threshold) {
		return new CpgMembershipSettings(false, Duration.ofSeconds(1), Duration.ofSeconds(1), new FixedBackOff(),
				threshold, Duration.ofSeconds(30));
	}

}
