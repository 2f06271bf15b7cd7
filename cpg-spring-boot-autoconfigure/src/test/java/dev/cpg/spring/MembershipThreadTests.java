package dev.cpg.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(30)
class MembershipThreadTests {

	private final MembershipThread thread = new MembershipThread("a-membership");

	private final List<Thread> performers = new CopyOnWriteArrayList<>();

	@Test
	void tasksThatFollowEachOtherHaveOneThreadAndOneAfterAnother() {
		CountDownLatch first = new CountDownLatch(1);
		this.thread.execute(() -> {
			awaitLatch(first);
			this.performers.add(Thread.currentThread());
		});
		this.thread.execute(() -> this.performers.add(Thread.currentThread()));
		assertThat(this.performers).isEmpty();
		first.countDown();
		await().until(() -> this.performers.size() == 2);
		assertThat(this.performers.get(0)).isSameAs(this.performers.get(1));
	}

	@Test
	void keepsTheJvmAndIsThereOnlyWhileThereIsATask() {
		this.thread.execute(() -> this.performers.add(Thread.currentThread()));
		await().until(() -> this.performers.size() == 1);
		await().until(() -> !this.performers.get(0).isAlive());
		this.thread.execute(() -> this.performers.add(Thread.currentThread()));
		await().until(() -> this.performers.size() == 2);
		assertThat(this.performers).noneMatch(Thread::isDaemon).doesNotHaveDuplicates();
	}

	@Test
	void threadsOfMembershipsInOneGroupHaveDifferentNames() {
		CountDownLatch end = new CountDownLatch(1);
		Runnable task = () -> {
			this.performers.add(Thread.currentThread());
			awaitLatch(end);
		};
		this.thread.execute(task);
		new MembershipThread("a-membership").execute(task);
		await().until(() -> this.performers.size() == 2);
		assertThat(this.performers).extracting(Thread::getName)
			.containsExactlyInAnyOrder("a-membership", "a-membership-2");
		end.countDown();
		await().until(() -> this.performers.stream().noneMatch(Thread::isAlive));
		this.thread.execute(task);
		await().until(() -> this.performers.size() == 3);
		assertThat(this.performers.get(2).getName()).isEqualTo("a-membership");
	}

	@Test
	void aTaskThatThrowsDoesNotPreventTheNext() {
		this.thread.execute(() -> {
			throw new StackOverflowError("of a task");
		});
		this.thread.execute(() -> this.performers.add(Thread.currentThread()));
		await().dontCatchUncaughtExceptions().until(() -> this.performers.size() == 1);
	}

	@Test
	void whatParksTheThreadBeforeItSleepsDoesNotUseUpTheWakeUp() {
		this.thread.execute(() -> {
			this.thread.wake();
			// As a lock does for which the thread waits.
			LockSupport.park();
			this.thread.sleep(MembershipThread.UNTIL_WOKEN);
			this.performers.add(Thread.currentThread());
		});
		await().until(() -> this.performers.size() == 1);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
