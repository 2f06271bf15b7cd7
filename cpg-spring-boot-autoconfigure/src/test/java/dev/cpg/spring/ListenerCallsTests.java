package dev.cpg.spring;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ListenerCallsTests {

	private static final Duration THRESHOLD = Duration.ofMillis(100);

	private final List<Throwable> errors = new CopyOnWriteArrayList<>();

	private final ListenerCalls calls = new ListenerCalls(THRESHOLD, this.errors::add);

	@Test
	void whileNothingIsToldTheWatcherMaySleepWithoutLimit() {
		assertThat(this.calls.look()).isZero();
		this.calls.begin(event());
		assertThat(this.calls.look()).isBetween(1L, THRESHOLD.toNanos());
		this.calls.end();
		assertThat(this.calls.look()).isZero();
		assertThat(this.calls.current()).isNull();
	}

	@Test
	void aSlowListenerIsNamedOnceAndOnlyOnceAMinute(CapturedOutput output) {
		this.calls.begin(event());
		this.calls.listener("the slow one");
		await().untilAsserted(() -> {
			assertThat(this.calls.look()).isPositive();
			assertThat(output).contains("the slow one has been busy with CpgConnectedEvent");
		});
		for (int i = 0; i < 5; i++) {
			this.calls.look();
		}
		this.calls.end();
		this.calls.begin(event());
		this.calls.listener("the next one");
		await().pollDelay(THRESHOLD.multipliedBy(2)).until(() -> this.calls.look() > 0);
		assertThat(output.toString().split("has been busy", -1)).hasSize(2);
	}

	@Test
	void quickListenersAreNotNamed(CapturedOutput output) throws InterruptedException {
		ListenerCalls patient = new ListenerCalls(Duration.ofSeconds(1), this.errors::add);
		for (int i = 0; i < 12; i++) {
			patient.begin(event());
			Thread.sleep(100);
			patient.look();
			patient.end();
		}
		assertThat(output).doesNotContain("busy");
	}

	@Test
	void theWatcherIsWokenByTheFirstEventOnly() throws InterruptedException {
		Thread watcher = new Thread(() -> {
			while (!Thread.interrupted()) {
				long pause = this.calls.look();
				if (pause == 0) {
					LockSupport.park();
				}
				else {
					LockSupport.parkNanos(pause);
				}
			}
		});
		this.calls.watchedBy(watcher);
		watcher.start();
		await().until(() -> watcher.getState() == Thread.State.WAITING);
		this.calls.begin(event());
		await().until(() -> watcher.getState() == Thread.State.TIMED_WAITING);
		this.calls.end();
		await().until(() -> watcher.getState() == Thread.State.WAITING);
		watcher.interrupt();
		watcher.join(5000);
		assertThat(watcher.isAlive()).isFalse();
	}

	@Test
	void anErrorHandlerThatThrowsCostsNothingMore(CapturedOutput output) {
		ListenerCalls calls = new ListenerCalls(THRESHOLD, (ex) -> {
			throw new IllegalStateException("The handler's mistake", ex);
		});
		calls.failed("the listener", event(), new AssertionError("The listener's mistake"));
		assertThat(output).contains("The error handler threw an exception").contains("The listener's mistake");
	}

	@Test
	void anEventOfNobodysMembershipHasCallsOfItsOwn(CapturedOutput output) {
		ListenerCalls own = Objects.requireNonNull(ListenerCalls.of(event()));
		own.failed(null, event(), new AssertionError("A mistake"));
		assertThat(output).contains("A listener threw an exception on CpgConnectedEvent").contains("A mistake");
		assertThat(this.errors).isEmpty();
	}

	private static CpgEvent event() {
		return new CpgConnectedEvent("a test", "orders", new CpgAddress(1, 2));
	}

}
