package dev.cpg.client.internal.cpg;

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

	private final ReadOwnership turn = new ReadOwnership(true);

	@Test
	void aListenerThatReturnsSoonLeavesTheTurnToTheDeliveryThread() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.turn);
		int lost = 0;
		long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
		while (System.nanoTime() - end < 0 && !taken.isDone()) {
			lost += this.turn.told(this.turn.telling()) ? 0 : 1;
		}
		// A pause of this thread between the two may have been one too long, but no more.
		assertThat(lost).isLessThanOrEqualTo(1);
		if (lost == 1) {
			assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
			return;
		}
		this.turn.close();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void aListenerThatDoesNotReturnLosesTheTurnToTheReader() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.turn);
		long telling = this.turn.telling();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(this.turn.told(telling)).isFalse();
		assertThat(this.turn.isDeliverys()).isFalse();
		assertThat(this.turn.isReaders()).isTrue();
		assertThat(this.turn.telling()).as("what is told from the queue").isNegative();
	}

	@Test
	void theReaderSleepsUntilTheListenerIsCalledHoweverLongThatIs() throws Exception {
		Thread reader = new Thread(this.turn::await);
		reader.setDaemon(true);
		reader.start();
		awaitState(reader, Thread.State.WAITING);
		assertThat(this.turn.told(this.turn.telling())).isTrue();
		awaitState(reader, Thread.State.WAITING);
		long telling = this.turn.telling();
		reader.join();
		assertThat(this.turn.told(telling)).isFalse();
	}

	@Test
	void aTurnThatIsHandedOverIsTheReaders() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.turn);
		assertThat(this.turn.told(this.turn.telling())).isTrue();
		this.turn.handOver();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(this.turn.isReaders()).isTrue();
		assertThat(this.turn.telling()).as("what is told from the queue").isNegative();
	}

	@Test
	void aTurnThatWasGivenBackCanBeLostAgain() throws Exception {
		assertThat(awaitAsReader(this.turn)).isNotDone();
		for (int i = 0; i < 3; i++) {
			long telling = this.turn.telling();
			Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(this.turn::isReaders);
			assertThat(this.turn.told(telling)).isFalse();
			this.turn.giveBack();
			assertThat(this.turn.isDeliverys()).isTrue();
			awaitAsReader(this.turn);
		}
	}

	@Test
	void aTurnIsReclaimedUnlessTheReaderHasIt() {
		assertThat(this.turn.reclaim()).isTrue();
		this.turn.telling();
		assertThat(this.turn.reclaim()).isTrue();
		assertThat(this.turn.isDeliverys()).isTrue();
		assertThat(awaitAsReader(this.turn)).isNotDone();
		this.turn.telling();
		Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(this.turn::isReaders);
		assertThat(this.turn.reclaim()).isFalse();
		assertThat(this.turn.isReaders()).isTrue();
	}

	@Test
	void whereTheDeliveryThreadCannotReadItIsTheReadersTurnForEver() throws Exception {
		ReadOwnership readers = new ReadOwnership(false);
		assertThat(awaitAsReader(readers).get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(readers.isDeliverys()).isFalse();
		assertThat(readers.telling()).isNegative();
	}

	@Test
	void whoWaitsForTheEndIsToldOfIt() throws Exception {
		CompletableFuture<Boolean> taken = awaitAsReader(this.turn);
		CompletableFuture<Void> closed = CompletableFuture.runAsync(this.turn::awaitClosed);
		assertThat(closed).isNotDone();
		this.turn.close();
		assertThat(taken.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
		closed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
		assertThat(this.turn.isDeliverys()).isFalse();
	}

	private static CompletableFuture<Boolean> awaitAsReader(ReadOwnership turn) {
		CompletableFuture<Boolean> taken = new CompletableFuture<>();
		Thread reader = new Thread(() -> taken.complete(turn.await()));
		reader.setDaemon(true);
		reader.start();
		return taken;
	}

	private static void awaitState(Thread thread, Thread.State state) {
		Awaitility.await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(thread::getState, state::equals);
	}

}
