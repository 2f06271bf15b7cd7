package dev.cpg.spring.leadership;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgView;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a method with {@code interrupt = true} when the leadership is revoked.
 */
@Timeout(20)
class InterruptedLeaderTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final List<String> notes = new ArrayList<>();

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void itIsInterruptedAndTheThreadIsNotAfterwards() throws InterruptedException {
		Task task = start(new GrantedLeadership("billing").granted(5));
		Thread thread = new Thread(() -> {
			task.untilInterrupted();
			this.notes.add("interrupted afterwards: " + Thread.currentThread().isInterrupted());
		});
		thread.start();
		task.begun().await();
		revoked("reports", 5);
		revoked("billing", 4);
		assertThat(thread.getState()).isNotEqualTo(Thread.State.TERMINATED);
		revoked("billing", 5);
		thread.join();
		assertThat(this.notes).containsExactly("interrupted", "interrupted afterwards: false");
	}

	@Test
	void aThreadThatNoticesNothingIsNotInterruptedAfterwards() {
		Task task = start(new GrantedLeadership("billing").granted(5));
		task.run(() -> revoked("billing", 5));
		assertThat(Thread.interrupted()).isFalse();
		revoked("billing", 5);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void itDoesNotWaitForTheListenersOfTheEvent() {
		Task task = start(new GrantedLeadership("billing").granted(5));
		task.run(() -> {
			this.context.getBean(RevocationListener.class).revoked("billing", 5);
			this.notes.add("interrupted: " + Thread.currentThread().isInterrupted());
		});
		assertThat(this.notes).containsExactly("interrupted: true");
	}

	@Test
	void aMethodThatDoesNotAskForItIsNotInterrupted() {
		Task task = start(new GrantedLeadership("billing").granted(5));
		task.runOn(() -> {
			revoked("billing", 5);
			this.notes.add("interrupted: " + Thread.currentThread().isInterrupted());
		});
		assertThat(this.notes).containsExactly("interrupted: false");
	}

	@Test
	void whatIsRevokedBeforeItsCallCanBeInterruptedDoesNotRun() {
		AtomicInteger asked = new AtomicInteger();
		Task task = start(new GrantedLeadership("billing") {

			@Override
			public OptionalLong token() {
				return (asked.incrementAndGet() == 1) ? OptionalLong.of(5) : OptionalLong.empty();
			}

		});
		task.run(() -> this.notes.add("run"));
		assertThat(this.notes).isEmpty();
	}

	private void revoked(String role, long token) {
		this.context
			.publishEvent(new CpgLeadershipRevokedEvent(this, "group", CpgView.NONE, role, token, Reason.QUORUM));
	}

	private Task start(CpgLeadership leadership) {
		this.context.registerBean(CpgLeadership.class, () -> leadership);
		this.context.registerBean(Task.class, () -> new Task(this.notes));
		this.context.register(LeaderOnlyTests.Guarding.class);
		this.context.refresh();
		return this.context.getBean(Task.class);
	}

	static class Task {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final List<String> notes;

		Task(List<String> notes) {
			this.notes = notes;
		}

		CountDownLatch begun() {
			return this.begun;
		}

		@LeaderOnly(value = "billing", interrupt = true)
		public void untilInterrupted() {
			try {
				this.begun.countDown();
				TimeUnit.MINUTES.sleep(1);
			}
			catch (InterruptedException ex) {
				this.notes.add("interrupted");
				Thread.currentThread().interrupt();
			}
		}

		@LeaderOnly(value = "billing", interrupt = true)
		public void run(Runnable body) {
			body.run();
		}

		@LeaderOnly("billing")
		public void runOn(Runnable body) {
			body.run();
		}

	}

}
