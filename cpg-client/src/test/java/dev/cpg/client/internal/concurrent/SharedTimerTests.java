package dev.cpg.client.internal.concurrent;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class SharedTimerTests {

	private static final long SOON = Duration.ofMillis(5).toNanos();

	private final SharedTimer timer = new SharedTimer();

	private final AtomicInteger runs = new AtomicInteger();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final Alarm alarm = alarm((now) -> {
		this.runs.incrementAndGet();
		return Alarm.NEVER;
	});

	/** The one that ran an alarm last. */
	private volatile @Nullable Thread thread;

	@AfterEach
	void theThreadEndsWithTheLastAlarm() {
		this.timer.remove(this.alarm);
		Thread thread = this.thread;
		Awaitility.await().until(() -> thread == null || !thread.isAlive());
	}

	@Test
	void anAlarmRunsWhenItIsDueAndOnlyThen() {
		this.timer.add(this.alarm);
		long due = System.nanoTime() + SOON;
		this.alarm.wakeBy(due);
		Awaitility.await().until(() -> this.runs.get() == 1);
		assertThat(System.nanoTime()).isGreaterThanOrEqualTo(due);
		awaitAsleep();
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void theEarliestTimeHolds() {
		this.timer.add(this.alarm);
		this.alarm.wakeBy(System.nanoTime() + Duration.ofDays(1).toNanos());
		awaitAsleep();
		this.alarm.wakeBy(System.nanoTime() + SOON);
		this.alarm.wakeBy(System.nanoTime() + Duration.ofDays(2).toNanos());
		Awaitility.await().until(() -> this.runs.get() == 1);
	}

	@Test
	void anAlarmSaysItselfWhenItRunsAgain() {
		AtomicInteger left = new AtomicInteger(10);
		Alarm repeated = alarm((now) -> (left.decrementAndGet() > 0) ? now + SOON : Alarm.NEVER);
		this.timer.add(repeated);
		repeated.wakeBy(0);
		Awaitility.await().until(() -> left.get() == 0);
		this.timer.remove(repeated);
	}

	@Test
	void anAlarmThatWasSetBeforeItWasAddedRuns() {
		this.alarm.wakeBy(0);
		this.timer.add(this.alarm);
		Awaitility.await().until(() -> this.runs.get() == 1);
	}

	@Test
	void anAlarmThatIsSetWhileItRunsRunsAgain() {
		AtomicInteger ran = new AtomicInteger();
		Alarm[] self = new Alarm[1];
		self[0] = alarm((now) -> {
			if (ran.incrementAndGet() < 1000) {
				self[0].wakeBy(0);
			}
			return Alarm.NEVER;
		});
		this.timer.add(self[0]);
		self[0].wakeBy(0);
		Awaitility.await().until(() -> ran.get() == 1000);
		this.timer.remove(self[0]);
	}

	/** Each is set anew as soon as it has run, so each of the races comes up. */
	@Test
	void noneThatIsSetIsMissed() {
		this.timer.add(this.alarm);
		for (int i = 0; i < 5_000; i++) {
			awaitRun();
		}
		assertThat(this.runs).hasValueGreaterThanOrEqualTo(5_000);
	}

	/** As when a connection ends just as the next one is opened. */
	@Test
	void oneThatIsAddedAsTheLastOneGoesIsNotMissed() {
		for (int i = 0; i < 2_000; i++) {
			this.timer.add(this.alarm);
			awaitRun();
			this.timer.remove(this.alarm);
		}
		assertThat(this.runs).hasValueGreaterThanOrEqualTo(2_000);
	}

	private void awaitRun() {
		int before = this.runs.get();
		this.alarm.wakeBy(System.nanoTime());
		while (this.runs.get() == before) {
			Thread.onSpinWait();
		}
	}

	@Test
	void anInterruptThatOneLeavesBehindIsNotTheNextOnes() {
		AtomicInteger interrupted = new AtomicInteger();
		Alarm second = alarm((now) -> {
			interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
			this.runs.incrementAndGet();
			return Alarm.NEVER;
		});
		Alarm first = alarm((now) -> {
			Thread.currentThread().interrupt();
			second.wakeBy(0);
			return Alarm.NEVER;
		});
		List.of(second, first).forEach(this.timer::add);
		first.wakeBy(0);
		Awaitility.await().until(() -> this.runs.get() == 1);
		assertThat(interrupted).hasValue(0);
		this.timer.remove(first);
		this.timer.remove(second);
	}

	@Test
	void whatOneThrowsIsReportedAndHoldsUpNoOther() {
		Alarm failing = alarm((now) -> {
			throw new OutOfMemoryError("thrown by the test");
		});
		this.timer.add(failing);
		this.timer.add(this.alarm);
		failing.wakeBy(0);
		Awaitility.await().until(() -> this.failures.size() == 1);
		this.alarm.wakeBy(0);
		Awaitility.await().until(() -> this.runs.get() == 1);
		assertThat(this.failures).singleElement().isInstanceOf(OutOfMemoryError.class);
		this.timer.remove(failing);
	}

	@Test
	void whereAFailureCannotBeReportedTheAlarmRunsAgain() {
		AtomicInteger ran = new AtomicInteger();
		Alarm failing = new Alarm(this.timer, (now) -> {
			if (ran.incrementAndGet() == 1) {
				throw new OutOfMemoryError("thrown by the test");
			}
			return Alarm.NEVER;
		}, (failure) -> {
			throw new OutOfMemoryError("thrown by the test");
		});
		this.timer.add(failing);
		failing.wakeBy(0);
		Awaitility.await().until(() -> ran.get() == 2);
		this.timer.remove(failing);
	}

	@Test
	void anAlarmThatWasRemovedRunsNoMoreAndTheOthersDo() {
		Alarm other = alarm((now) -> now + SOON);
		Alarm third = alarm((now) -> Alarm.NEVER);
		List.of(third, this.alarm, other).forEach(this.timer::add);
		this.timer.remove(this.alarm);
		this.timer.remove(this.alarm);
		this.alarm.wakeBy(0);
		other.wakeBy(0);
		Awaitility.await().until(() -> other.due() > 0);
		awaitAsleep();
		assertThat(this.runs).hasValue(0);
		this.timer.remove(third);
		this.timer.remove(other);
	}

	@Test
	void thereIsOneThreadForAllAlarmsAndNoneWithoutAny() throws InterruptedException {
		List<Alarm> alarms = List.of(alarm((now) -> Alarm.NEVER), alarm((now) -> Alarm.NEVER), this.alarm);
		for (int round = 0; round < 3; round++) {
			CountDownLatch ran = new CountDownLatch(alarms.size());
			alarms.forEach(this.timer::add);
			Alarm last = alarm((now) -> {
				ran.countDown();
				return (ran.getCount() > 0) ? now : Alarm.NEVER;
			});
			this.timer.add(last);
			last.wakeBy(0);
			ran.await();
			Thread thread = Objects.requireNonNull(this.thread);
			assertThat(timerThreads()).contains(thread);
			alarms.forEach(this.timer::remove);
			this.timer.remove(last);
			Awaitility.await().until(() -> !thread.isAlive());
		}
	}

	private static List<Thread> timerThreads() {
		Thread[] threads = new Thread[Thread.activeCount() + 10];
		int count = Thread.enumerate(threads);
		return Arrays.stream(threads, 0, count).filter((thread) -> thread.getName().equals("cpg-timer")).toList();
	}

	private Alarm alarm(Alarm.Task task) {
		return new Alarm(this.timer, (now) -> {
			this.thread = Thread.currentThread();
			return task.run(now);
		}, this.failures::add);
	}

	private void awaitAsleep() {
		Awaitility.await()
			.until(() -> timerThreads().stream()
				.allMatch((thread) -> thread.getState() == Thread.State.WAITING
						|| thread.getState() == Thread.State.TIMED_WAITING));
	}

}
