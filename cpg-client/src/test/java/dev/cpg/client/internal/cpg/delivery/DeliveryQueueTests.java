package dev.cpg.client.internal.cpg.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(20)
class DeliveryQueueTests {

	private final DeliveryLag lag = new DeliveryLag();

	private final DeliveryQueue<Integer> queue = new DeliveryQueue<>(10, (element) -> element, this.lag, false);

	private final List<Integer> consumed = Collections.synchronizedList(new ArrayList<>());

	@Test
	void whatIsPutIsConsumedInOrderUntilTheEnd() throws InterruptedException {
		Thread consumer = start(() -> this.queue.consume(this.consumed::add, () -> false));
		for (int i = 1; i <= 10; i++) {
			this.queue.put(i, () -> true);
		}
		this.queue.end();
		consumer.join();
		assertThat(this.consumed).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		assertThat(this.queue.weight()).isZero();
	}

	@Test
	void aProducerWaitsWhileThereIsNoRoom() throws InterruptedException {
		this.queue.put(8, () -> true);
		Thread producer = start(() -> {
			this.queue.put(3, () -> true);
			this.queue.flush();
		});
		awaitWaiting(producer);
		assertThat(this.queue.weight()).isEqualTo(8);
		Thread consumer = start(() -> this.queue.consume(this.consumed::add, () -> false));
		producer.join();
		this.queue.end();
		consumer.join();
		assertThat(this.consumed).containsExactly(8, 3);
	}

	@Test
	void whatIsHeavierThanTheBoundPassesAlone() {
		this.queue.put(1000, () -> true);
		assertThat(this.queue.weight()).isEqualTo(1000);
	}

	@Test
	void whatIsToBeDoneWhenTheConsumerWaitsIsDoneBeforeItGoesOn() throws InterruptedException {
		AtomicBoolean done = new AtomicBoolean();
		List<Boolean> seen = Collections.synchronizedList(new ArrayList<>());
		Thread consumer = start(() -> this.queue.consume((element) -> seen.add(done.get()), () -> false));
		awaitWaiting(consumer);
		this.queue.put(1, () -> true);
		assertThat(this.queue.flush(() -> {
			// Long enough for a consumer that was woken too early.
			LockSupport.parkNanos(100_000_000);
			done.set(true);
		})).isTrue();
		this.queue.end();
		consumer.join();
		assertThat(seen).containsExactly(true);
	}

	@Test
	void whatOthersPostComesBehindWhatIsGatheredAndNeedsNoRoom() throws InterruptedException {
		DeliveryQueue<Integer> shared = new DeliveryQueue<>(10, (element) -> element, this.lag, true);
		shared.put(7, () -> true);
		start(() -> shared.post(100)).join();
		Thread producer = start(() -> {
			shared.put(3, () -> true);
			shared.flush();
		});
		awaitWaiting(producer);
		shared.post(200);
		Thread consumer = start(() -> shared.consume(this.consumed::add, () -> false));
		producer.join();
		shared.end();
		shared.post(300);
		consumer.join();
		assertThat(this.consumed).containsExactly(7, 100, 200, 3);
		assertThat(shared.weight()).isZero();
	}

	@Test
	void aConsumerThatFailsLosesNothingButWhatItFailedOn() {
		this.queue.put(1, () -> true);
		this.queue.put(2, () -> true);
		this.queue.put(3, () -> true);
		this.queue.end();
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.queue.consume((element) -> {
			throw new OutOfMemoryError("thrown by the test");
		}, () -> false));
		assertThat(this.queue.consume(this.consumed::add, () -> false)).isFalse();
		assertThat(this.consumed).containsExactly(2, 3);
		assertThat(this.queue.weight()).isZero();
	}

	@Test
	void whatIsToBeDoneWhenTheConsumerWaitsIsNotDoneWhileItConsumes() throws InterruptedException {
		Semaphore goOn = new Semaphore(0);
		AtomicBoolean done = new AtomicBoolean();
		Thread consumer = start(() -> this.queue.consume((element) -> goOn.acquireUninterruptibly(), () -> false));
		awaitWaiting(consumer);
		this.queue.put(1, () -> true);
		this.queue.flush();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(goOn::hasQueuedThreads);
		this.queue.put(2, () -> true);
		assertThat(this.queue.flush(() -> done.set(true))).isFalse();
		goOn.release(2);
		this.queue.end();
		consumer.join();
		assertThat(done).isFalse();
	}

	@Test
	void anElementHasItsWeightUntilItIsConsumed() throws InterruptedException {
		Semaphore goOn = new Semaphore(0);
		Thread consumer = start(() -> this.queue.consume((element) -> goOn.acquireUninterruptibly(), () -> false));
		this.queue.put(7, () -> true);
		this.queue.flush();
		awaitWaiting(consumer);
		assertThat(this.queue.weight()).isEqualTo(7);
		goOn.release();
		this.queue.end();
		consumer.join();
		assertThat(this.queue.weight()).isZero();
	}

	@Test
	void theLagIsTheAgeOfWhatIsBeingConsumed() throws InterruptedException {
		assertThat(this.lag.nanos()).isZero();
		Semaphore goOn = new Semaphore(0);
		Thread consumer = start(() -> this.queue.consume((element) -> goOn.acquireUninterruptibly(), () -> false));
		this.queue.put(1, () -> true);
		this.queue.flush();
		awaitWaiting(consumer);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.lag.nanos() > 200_000_000);
		this.queue.put(2, () -> true);
		this.queue.flush();
		goOn.release();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.queue.weight() == 2);
		assertThat(this.lag.nanos()).as("that of the second burst").isBetween(1L, 200_000_000L);
		goOn.release();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.lag.nanos() == 0);
		this.queue.end();
		consumer.join();
		assertThat(this.lag.nanos()).isZero();
	}

	@Test
	void anOfferIsRefusedWhileThereIsNoRoom() {
		assertThat(this.queue.offer(8)).isTrue();
		assertThat(this.queue.offer(3)).isFalse();
		assertThat(this.queue.weight()).isEqualTo(8);
	}

	@Test
	void aWaitingProducerGoesOnWhenThereIsNoReasonToWait() {
		this.queue.put(8, () -> true);
		this.queue.put(3, () -> false);
		assertThat(this.queue.weight()).isEqualTo(11);
	}

	@Test
	void aWaitingProducerGoesOnWhenTheBoundIsRemoved() throws InterruptedException {
		this.queue.put(8, () -> true);
		Thread producer = start(() -> this.queue.put(3, () -> true));
		awaitWaiting(producer);
		this.queue.removeBound();
		producer.join();
		assertThat(this.queue.weight()).isEqualTo(11);
	}

	private static void awaitWaiting(Thread thread) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
