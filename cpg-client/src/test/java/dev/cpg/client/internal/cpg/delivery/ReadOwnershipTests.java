package dev.cpg.client.internal.cpg.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class ReadOwnershipTests {

	private static final long LIMIT_SECONDS = 10;

	private final ReadOwnership ownership = new ReadOwnership(true);

	@Test
	void aListenerThatReturnsSoonLeavesTheReadingToTheDeliveryThread() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.ownership);
		int lost = 0;
		long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
		while (System.nanoTime() - end < 0 && !taken.isDone()) {
			lost += this.ownership.exitListener(this.ownership.enterListener()) ? 0 : 1;
		}
		// A pause of this thread between the two may have been one too long, but no more.
		assertThat(lost).isLessThanOrEqualTo(1);
		if (lost == 1) {
			assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
			return;
		}
		this.ownership.close();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void theReaderTakesOverFromAListenerThatDoesNotReturn() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.ownership);
		long call = this.ownership.enterListener();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(this.ownership.exitListener(call)).isFalse();
		assertThat(this.ownership.isDeliveryThreads()).isFalse();
		assertThat(this.ownership.isReaders()).isTrue();
		assertThat(this.ownership.enterListener()).as("what is dispatched from the queue").isNegative();
	}

	@Test
	void theReaderSleepsUntilTheListenerIsCalledHoweverLongThatIs() throws Exception {
		Thread reader = new Thread(this.ownership::awaitReaders);
		reader.setDaemon(true);
		reader.start();
		awaitState(reader, Thread.State.WAITING);
		assertThat(this.ownership.exitListener(this.ownership.enterListener())).isTrue();
		awaitState(reader, Thread.State.WAITING);
		long call = this.ownership.enterListener();
		reader.join();
		assertThat(this.ownership.exitListener(call)).isFalse();
	}

	@Test
	void whatIsReleasedToTheReaderIsTheReaders() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.ownership);
		assertThat(this.ownership.exitListener(this.ownership.enterListener())).isTrue();
		this.ownership.releaseToReader();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(this.ownership.isReaders()).isTrue();
		assertThat(this.ownership.enterListener()).as("what is dispatched from the queue").isNegative();
	}

	@Test
	void whatWasReleasedToTheDeliveryThreadCanBeTakenOverAgain() throws Exception {
		assertThat(awaitAsReader(this.ownership)).isNotDone();
		for (int i = 0; i < 3; i++) {
			long call = this.ownership.enterListener();
			Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(this.ownership::isReaders);
			assertThat(this.ownership.exitListener(call)).isFalse();
			this.ownership.releaseToDelivery();
			assertThat(this.ownership.isDeliveryThreads()).isTrue();
			awaitAsReader(this.ownership);
		}
	}

	@Test
	void theDeliveryThreadClosesTheReadingAmidACallOfTheListener() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.ownership);
		this.ownership.enterListener();
		this.ownership.closeByDelivery();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void theDeliveryThreadDoesNotCloseTheReadingThatTheReaderHasTakenOver() {
		assertThat(awaitAsReader(this.ownership)).isNotDone();
		this.ownership.enterListener();
		Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(this.ownership::isReaders);
		this.ownership.closeByDelivery();
		assertThat(this.ownership.isReaders()).isTrue();
		this.ownership.closeByReader();
		assertThat(this.ownership.isReaders()).isFalse();
	}

	@Test
	void theReaderDoesNotCloseTheReadingThatItHasReleased() throws Exception {
		assertThat(awaitAsReader(this.ownership)).isNotDone();
		this.ownership.enterListener();
		Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(this.ownership::isReaders);
		this.ownership.releaseToDelivery();
		this.ownership.closeByReader();
		assertThat(this.ownership.isDeliveryThreads()).isTrue();
	}

	@Test
	void whereTheDeliveryThreadCannotReadTheReaderAlwaysReads() throws Exception {
		ReadOwnership readers = new ReadOwnership(false);
		assertThat(awaitAsReader(readers).get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(readers.isDeliveryThreads()).isFalse();
		assertThat(readers.enterListener()).isNegative();
	}

	@Test
	void theReaderSeesTheEndOfTheReading() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.ownership);
		assertThat(taken).isNotDone();
		this.ownership.close();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
		assertThat(this.ownership.isDeliveryThreads()).isFalse();
	}

	private static CompletableFuture<Boolean> awaitAsReader(ReadOwnership ownership) {
		CompletableFuture<Boolean> taken = new CompletableFuture<>();
		Thread reader = new Thread(() -> taken.complete(ownership.awaitReaders()));
		reader.setDaemon(true);
		reader.start();
		return taken;
	}

	private static void awaitState(Thread thread, Thread.State state) {
		Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(thread::getState, state::equals);
	}

}
