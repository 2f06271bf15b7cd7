package dev.cpg.client.internal.cpg.outcome;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.cpg.client.CpgView;
import dev.cpg.client.internal.concurrent.Alarm;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class OutcomeDispatcherTests {

	private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

	/** What ran because it depends on an outcome, and on which thread. */
	private final List<Integer> reported = Collections.synchronizedList(new ArrayList<>());

	private final List<Thread> reportedBy = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger looks = new AtomicInteger();

	private final CountDownLatch goOn = new CountDownLatch(1);

	private OutcomeDispatcher outcomes = dispatcher(null);

	private long now;

	@AfterEach
	void threadsEnd() throws InterruptedException {
		this.goOn.countDown();
		this.outcomes.end();
		for (Thread thread : List.copyOf(this.threads)) {
			thread.join();
		}
	}

	@Test
	void outcomesAreReportedInOrderByOneThread() {
		startThread();
		for (int i = 0; i < 1000; i++) {
			this.outcomes.add(decided(i));
			this.outcomes.flush();
		}
		Awaitility.await().until(() -> this.reported.size() == 1000);
		assertThat(this.reported).isSorted();
		assertThat(this.threads).hasSize(1);
		assertThat(this.reportedBy).containsOnly(this.threads.get(0));
	}

	@Test
	void anOutcomeThatNothingDependsOnIsReportedWithTheNextThatSomethingDependsOn() {
		startThread();
		SendFuture lazy = decided();
		this.outcomes.add(lazy);
		this.outcomes.flush();
		assertThat(this.looks).as("asked to be looked at later").hasValue(1);
		assertThat(this.threads.get(0).getState()).isEqualTo(Thread.State.WAITING);
		assertThat(lazy.isReported()).isFalse();
		report(1);
		assertThat(lazy.isReported()).isTrue();
	}

	@Test
	void orWhenItIsLookedAt() {
		startThread();
		SendFuture lazy = decided();
		this.outcomes.add(lazy);
		this.outcomes.flush();
		look();
		Awaitility.await().until(lazy::isReported);
	}

	@Test
	void oneThatItsSenderHasSeenWakesNobody() {
		startThread();
		SendFuture seen = decided();
		this.outcomes.add(seen);
		this.outcomes.flush();
		assertThat(seen.isDone()).isTrue();
		assertThat(look()).isEqualTo(Alarm.NEVER);
	}

	@Test
	void aThreadThatIsHeldUpIsReplacedAndTheRestIsReported() {
		startThread();
		holdUp();
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		assertThat(this.looks).as("asked to be looked after").hasPositiveValue();
		assertThat(look()).isNotEqualTo(Alarm.NEVER);
		assertThat(look()).isNotEqualTo(Alarm.NEVER);
		Awaitility.await().until(() -> this.reported.contains(1));
		assertThat(this.threads).hasSize(2);
		Awaitility.await().until(() -> look() == Alarm.NEVER);
		this.goOn.countDown();
		Awaitility.await().until(() -> !this.threads.get(0).isAlive());
	}

	@Test
	void aThreadThatIsHeldUpByTheFirstOfABurstIsReplaced() {
		startThread();
		this.outcomes.add(holding(new CountDownLatch(1)));
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		assertThat(this.looks).as("asked to be looked after").hasPositiveValue();
		Awaitility.await().until(() -> look() == Alarm.NEVER);
		Awaitility.await().until(() -> this.reported.contains(1));
	}

	@Test
	void aThreadThatIsBusyForLessThanTheLimitIsNotReplaced() throws Exception {
		startThread();
		holdUp();
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		this.outcomes.look(0);
		for (int i = 1; i < 100; i++) {
			this.outcomes.look(i * OutcomeDispatcher.PATIENCE_NANOS / 100);
		}
		assertThat(this.threads).hasSize(1);
	}

	/** Time does not pass here: what is added up is how long the timer would wait. */
	@Test
	void anOutcomeBehindManyThatAreHeldUpIsReportedSoon() throws Exception {
		startThread();
		int count = 40;
		List<CountDownLatch> heldUp = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			heldUp.add(new CountDownLatch(1));
			this.outcomes.add(holding(heldUp.get(i)));
		}
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		heldUp.get(0).await();
		long late = look();
		for (CountDownLatch next : heldUp) {
			next.await();
			late += look();
		}
		Awaitility.await().until(() -> this.reported.contains(1));
		assertThat(Duration.ofNanos(late)).isLessThan(Duration.ofMillis(500));
	}

	@Test
	void withVeryManyHeldUpNoMoreThreadsAreStartedThanOneInAWhile() throws Exception {
		startThread();
		long pause = 0;
		for (int i = 0; i < 64; i++) {
			CountDownLatch heldUp = new CountDownLatch(1);
			this.outcomes.add(holding(heldUp));
			this.outcomes.add(decided(i));
			this.outcomes.flush();
			heldUp.await();
			look();
			pause = look();
		}
		assertThat(pause).isEqualTo(OutcomeDispatcher.PATIENCE_NANOS);
	}

	@Test
	void threadsThatHaveComeBackAreHeldUpNoMore() throws Exception {
		startThread();
		for (int i = 0; i < 70; i++) {
			CountDownLatch heldUp = new CountDownLatch(1);
			CountDownLatch done = new CountDownLatch(1);
			int number = i;
			Thread replaced = this.threads.get(i);
			this.outcomes.add(holding(heldUp, done));
			this.outcomes.add(decided(number));
			this.outcomes.flush();
			heldUp.await();
			look();
			look();
			Awaitility.await().until(() -> this.reported.contains(number));
			done.countDown();
			replaced.join();
		}
		holdUp();
		this.outcomes.add(decided(1));
		assertThat(look()).as("nobody is held up but the present thread").isEqualTo(OutcomeDispatcher.PATIENCE_NANOS);
		assertThat(look()).as("and that was replaced").isEqualTo(OutcomeDispatcher.PATIENCE_NANOS / 2);
	}

	@Test
	void aThreadThatIsIdleIsNotReplacedThoughSomethingWasJustAdded() {
		startThread();
		this.outcomes.add(decided(1));
		look();
		look();
		this.outcomes.flush();
		Awaitility.await().until(() -> this.reported.contains(1));
		assertThat(this.threads).hasSize(1);
	}

	@Test
	void atTheEndAllIsReportedThoughTheThreadIsHeldUp() {
		startThread();
		holdUp();
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		this.outcomes.end();
		this.outcomes.awaitReported();
		Awaitility.await().until(() -> this.reported.contains(1));
	}

	@Test
	void atTheEndAnActionMayStillWaitForAnotherOutcome() throws Exception {
		startThread();
		CompletableFuture<?> seen = new CompletableFuture<>();
		SendFuture last = new SendFuture(0, 0, 0);
		last.thenRun(() -> seen.complete(null));
		SendFuture first = new SendFuture(0, 0, 0);
		CompletableFuture<?> waiting = first.thenRun(seen::join);
		first.decideDelivered(CpgView.NONE);
		last.decideDelivered(CpgView.NONE);
		this.outcomes.add(first);
		this.outcomes.add(last);
		this.outcomes.end();
		this.outcomes.awaitReported();
		waiting.get(10, TimeUnit.SECONDS);
	}

	@Test
	void whatIsAddedAfterTheEndIsReported() throws Exception {
		startThread();
		this.outcomes.end();
		this.outcomes.awaitReported();
		this.threads.get(0).join();
		SendFuture late = decided(1);
		SendFuture lazy = decided();
		this.outcomes.add(late);
		this.outcomes.flush();
		this.outcomes.add(lazy);
		this.outcomes.flush();
		Awaitility.await().until(() -> late.isReported() && lazy.isReported());
	}

	@Test
	void whereNoThreadCanBeStartedTheLastAreReportedByTheOneThatAwaitsIt() {
		OutcomeDispatcher without = new OutcomeDispatcher((task) -> {
			throw new OutOfMemoryError("thrown by the test: it cannot have the machine run out of threads");
		}, null, (due) -> {
		});
		SendFuture last = decided(1);
		without.add(last);
		without.end();
		without.awaitReported();
		assertThat(this.reported).containsExactly(1);
	}

	@Test
	void anErrorInReportingOneDoesNotKeepTheNextFromBeingReported() {
		startThread();
		this.outcomes.add(decided(() -> {
			throw new StackOverflowError("thrown by the test");
		}));
		report(1);
	}

	@Test
	void withAnExecutorThereIsNoThreadOfTheConnection() {
		ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);
		this.outcomes = dispatcher(pool);
		this.outcomes.start();
		for (int i = 0; i < 1000; i++) {
			this.outcomes.add(decided(i));
			this.outcomes.flush();
		}
		Awaitility.await().until(() -> this.reported.size() == 1000);
		assertThat(this.reported).isSorted();
		assertThat(this.threads).isEmpty();
		Awaitility.await("no task to be left").until(() -> pool.getActiveCount() == 0);
		pool.shutdown();
	}

	@Test
	void anExecutorWhoseOnlyThreadIsHeldUpIsReplacedByAThread() {
		ExecutorService one = Executors.newSingleThreadExecutor();
		this.outcomes = dispatcher(one);
		holdUp();
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		Awaitility.await().until(() -> look() == Alarm.NEVER);
		Awaitility.await().until(() -> this.reported.contains(1));
		assertThat(this.threads).as("threads that took over").hasSize(1);
		this.goOn.countDown();
		Awaitility.await("the thread that took over to end").until(() -> !this.threads.get(0).isAlive());
		report(2);
		assertThat(this.threads).as("the executor again").hasSize(1);
		one.shutdown();
	}

	@Test
	void anExecutorThatRejectsIsReplacedByAThread() {
		this.outcomes = dispatcher((task) -> {
			throw new RejectedExecutionException("thrown by the test");
		});
		IntStream.range(0, 10).forEach(this::report);
		Awaitility.await().until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	@Test
	void anExecutorThatDropsItsTasksLosesNoOutcome() {
		this.outcomes = dispatcher((task) -> {
		});
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		Awaitility.await().until(() -> look() == Alarm.NEVER);
		Awaitility.await().until(() -> this.reported.contains(1));
	}

	/** That thread may be one that reads events. */
	@Test
	void anExecutorThatRunsItsTasksOnTheCallingThreadIsReplacedByAThread() {
		this.outcomes = dispatcher(Runnable::run);
		IntStream.range(0, 10).forEach(this::report);
		assertThat(this.reportedBy).doesNotContain(Thread.currentThread());
	}

	@Test
	void whereThereIsNeitherATaskNorAThreadTheNextLookTriesAgain() {
		CountDownLatch memory = new CountDownLatch(1);
		this.outcomes = new OutcomeDispatcher((task) -> {
			if (memory.getCount() > 0) {
				throw new OutOfMemoryError("thrown by the test");
			}
			startThread(task);
		}, (task) -> {
			throw new OutOfMemoryError("thrown by the test");
		}, (due) -> this.looks.incrementAndGet());
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		assertThat(look()).isNotEqualTo(Alarm.NEVER);
		memory.countDown();
		look();
		Awaitility.await().until(() -> this.reported.contains(1));
	}

	@Test
	void virtualThreadsMayRunWhatDependsOnOutcomes() throws Exception {
		ExecutorService virtual = virtualThreads();
		Assumptions.assumeTrue(virtual != null, "There are no virtual threads in this JDK");
		this.outcomes = dispatcher(virtual);
		holdUp();
		this.outcomes.add(decided(1));
		this.outcomes.flush();
		Awaitility.await().until(() -> look() == Alarm.NEVER);
		Awaitility.await().until(() -> this.reported.contains(1));
		assertThat(this.threads).as("threads that are not virtual").isEmpty();
		this.goOn.countDown();
		virtual.shutdown();
		assertThat(virtual.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	private static @Nullable ExecutorService virtualThreads() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private void startThread() {
		this.outcomes.start();
		Awaitility.await().until(() -> this.threads.get(0).getState() == Thread.State.WAITING);
	}

	private void report(int number) {
		this.outcomes.add(decided(number));
		this.outcomes.flush();
		Awaitility.await().until(() -> this.reported.contains(number));
	}

	private void holdUp() {
		CountDownLatch heldUp = new CountDownLatch(1);
		this.outcomes.add(holding(heldUp));
		this.outcomes.flush();
		Awaitility.await().until(() -> heldUp.getCount() == 0);
	}

	/** Looks when it was last asked to; returns after how long to look again. */
	private long look() {
		long due = this.outcomes.look(this.now);
		if (due == Alarm.NEVER) {
			return due;
		}
		long pause = due - this.now;
		this.now = due;
		return pause;
	}

	private SendFuture holding(CountDownLatch heldUp) {
		return holding(heldUp, this.goOn);
	}

	private static SendFuture holding(CountDownLatch heldUp, CountDownLatch done) {
		return decided(() -> {
			heldUp.countDown();
			try {
				done.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	private SendFuture decided(int number) {
		return decided(() -> {
			this.reportedBy.add(Thread.currentThread());
			this.reported.add(number);
		});
	}

	/** Something depends on it before it is decided. */
	private static SendFuture decided(Runnable action) {
		SendFuture send = new SendFuture(0, 0, 0);
		send.thenRun(action);
		assertThat(send.decideDelivered(CpgView.NONE)).isTrue();
		return send;
	}

	private static SendFuture decided() {
		SendFuture send = new SendFuture(0, 0, 0);
		assertThat(send.decideDelivered(CpgView.NONE)).isTrue();
		return send;
	}

	private OutcomeDispatcher dispatcher(@Nullable Executor executor) {
		return new OutcomeDispatcher(this::startThread, executor, (due) -> this.looks.incrementAndGet());
	}

	private void startThread(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

}
