package dev.cpg.client.internal.cpg.outcome;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgView;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class OutcomeDispatcherTests {

	private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger watches = new AtomicInteger();

	private final CountDownLatch goOn = new CountDownLatch(1);

	private final OutcomeDispatcher outcomes = new OutcomeDispatcher(this::startThread, this.watches::incrementAndGet);

	@BeforeEach
	void start() {
		this.outcomes.start();
		Awaitility.await().until(() -> this.threads.get(0).getState() == Thread.State.WAITING);
	}

	@AfterEach
	void threadsEnd() throws InterruptedException {
		this.goOn.countDown();
		this.outcomes.end();
		for (Thread thread : List.copyOf(this.threads)) {
			thread.join();
		}
	}

	@Test
	void outcomesAreToldInOrder() throws Exception {
		List<Integer> told = Collections.synchronizedList(new ArrayList<>());
		SendFuture last = decided();
		for (int i = 0; i < 1000; i++) {
			int number = i;
			last = decided();
			last.thenRun(() -> told.add(number));
			this.outcomes.add(last);
			this.outcomes.flush();
		}
		last.get(10, TimeUnit.SECONDS);
		Awaitility.await().until(() -> told.size() == 1000);
		assertThat(told).isSorted();
		assertThat(this.threads).hasSize(1);
	}

	@Test
	void aThreadThatIsHeldUpIsReplacedAndTheRestIsTold() throws Exception {
		holdUp();
		SendFuture next = decided();
		this.outcomes.add(next);
		this.outcomes.flush();
		assertThat(this.watches).as("asked to be looked after").hasPositiveValue();
		assertThat(this.outcomes.relieve()).isNotEqualTo(OutcomeDispatcher.NEVER);
		assertThat(this.outcomes.relieve()).isNotEqualTo(OutcomeDispatcher.NEVER);
		next.get(10, TimeUnit.SECONDS);
		assertThat(this.threads).hasSize(2);
		Awaitility.await().until(() -> this.outcomes.relieve() == OutcomeDispatcher.NEVER);
		this.goOn.countDown();
		Awaitility.await().until(() -> !this.threads.get(0).isAlive());
	}

	@Test
	void aThreadThatIsHeldUpByTheFirstOfABurstIsReplaced() throws Exception {
		SendFuture holding = holding(new CountDownLatch(1));
		SendFuture next = decided();
		this.outcomes.add(holding);
		this.outcomes.add(next);
		this.outcomes.flush();
		assertThat(this.watches).as("asked to be looked after").hasPositiveValue();
		Awaitility.await().until(() -> this.outcomes.relieve() == OutcomeDispatcher.NEVER);
		next.get(10, TimeUnit.SECONDS);
	}

	/** Time does not pass here: what is added up is how long the timer would wait. */
	@Test
	void anOutcomeBehindManyThatAreHeldUpIsToldSoon() throws Exception {
		int count = 40;
		List<CountDownLatch> heldUp = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			heldUp.add(new CountDownLatch(1));
			this.outcomes.add(holding(heldUp.get(i)));
		}
		SendFuture last = decided();
		this.outcomes.add(last);
		this.outcomes.flush();
		heldUp.get(0).await();
		long late = this.outcomes.relieve();
		for (CountDownLatch next : heldUp) {
			next.await();
			late += this.outcomes.relieve();
		}
		last.get(10, TimeUnit.SECONDS);
		assertThat(Duration.ofNanos(late)).isLessThan(Duration.ofMillis(500));
	}

	@Test
	void withVeryManyHeldUpNoMoreThreadsAreStartedThanOneInAWhile() throws Exception {
		long pause = 0;
		for (int i = 0; i < 64; i++) {
			CountDownLatch heldUp = new CountDownLatch(1);
			this.outcomes.add(holding(heldUp));
			this.outcomes.add(decided());
			this.outcomes.flush();
			heldUp.await();
			pause = this.outcomes.relieve();
			pause = this.outcomes.relieve();
		}
		assertThat(pause).isEqualTo(OutcomeDispatcher.PATIENCE_NANOS);
	}

	@Test
	void threadsThatHaveComeBackAreHeldUpNoMore() throws Exception {
		for (int i = 0; i < 70; i++) {
			CountDownLatch heldUp = new CountDownLatch(1);
			CountDownLatch done = new CountDownLatch(1);
			SendFuture next = decided();
			Thread replaced = this.threads.get(i);
			this.outcomes.add(holding(heldUp, done));
			this.outcomes.add(next);
			this.outcomes.flush();
			heldUp.await();
			this.outcomes.relieve();
			this.outcomes.relieve();
			next.get(10, TimeUnit.SECONDS);
			done.countDown();
			replaced.join();
		}
		holdUp();
		this.outcomes.add(decided());
		assertThat(this.outcomes.relieve()).as("nobody is held up but the present thread")
			.isEqualTo(OutcomeDispatcher.PATIENCE_NANOS);
		assertThat(this.outcomes.relieve()).as("and that was replaced").isEqualTo(OutcomeDispatcher.PATIENCE_NANOS / 2);
	}

	@Test
	void aThreadThatIsIdleIsNotReplacedThoughSomethingWasJustAdded() throws Exception {
		SendFuture next = decided();
		this.outcomes.add(next);
		this.outcomes.relieve();
		this.outcomes.relieve();
		this.outcomes.flush();
		next.get(10, TimeUnit.SECONDS);
		assertThat(this.threads).hasSize(1);
	}

	@Test
	void atTheEndAllIsToldThoughTheThreadIsHeldUp() throws Exception {
		holdUp();
		SendFuture next = decided();
		this.outcomes.add(next);
		this.outcomes.flush();
		this.outcomes.end();
		this.outcomes.awaitTold();
		next.get(10, TimeUnit.SECONDS);
	}

	@Test
	void atTheEndAnActionMayStillWaitForAnotherOutcome() throws Exception {
		SendFuture last = decided();
		SendFuture first = decided();
		CompletableFuture<Void> waiting = first.thenRun(last::join);
		this.outcomes.add(first);
		this.outcomes.add(last);
		this.outcomes.end();
		this.outcomes.awaitTold();
		waiting.get(10, TimeUnit.SECONDS);
	}

	@Test
	void whatIsAddedAfterTheEndIsTold() throws Exception {
		this.outcomes.end();
		this.outcomes.awaitTold();
		this.threads.get(0).join();
		SendFuture late = decided();
		this.outcomes.add(late);
		this.outcomes.flush();
		late.get(10, TimeUnit.SECONDS);
	}

	@Test
	void whereNoThreadCanBeStartedTheLastAreToldByTheOneThatAwaitsIt() throws Exception {
		OutcomeDispatcher without = new OutcomeDispatcher((task) -> {
			throw new OutOfMemoryError("thrown by the test: it cannot have the machine run out of threads");
		}, () -> {
		});
		SendFuture last = decided();
		without.add(last);
		without.end();
		without.awaitTold();
		assertThat(last).isCompleted();
	}

	@Test
	void anErrorInTellingOneDoesNotKeepTheNextFromBeingTold() throws Exception {
		SendFuture failing = decided();
		failing.thenRun(() -> {
			throw new StackOverflowError("thrown by the test");
		});
		SendFuture next = decided();
		this.outcomes.add(failing);
		this.outcomes.add(next);
		this.outcomes.flush();
		next.get(10, TimeUnit.SECONDS);
	}

	private void holdUp() throws InterruptedException {
		CountDownLatch heldUp = new CountDownLatch(1);
		SendFuture holding = holding(heldUp);
		this.outcomes.add(holding);
		this.outcomes.flush();
		heldUp.await();
	}

	private SendFuture holding(CountDownLatch heldUp) {
		return holding(heldUp, this.goOn);
	}

	private static SendFuture holding(CountDownLatch heldUp, CountDownLatch done) {
		SendFuture holding = decided();
		holding.thenRun(() -> {
			heldUp.countDown();
			try {
				done.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		return holding;
	}

	private static SendFuture decided() {
		SendFuture send = new SendFuture(0, 0, 0);
		assertThat(send.decideDelivered(CpgView.NONE)).isTrue();
		return send;
	}

	private void startThread(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

}
