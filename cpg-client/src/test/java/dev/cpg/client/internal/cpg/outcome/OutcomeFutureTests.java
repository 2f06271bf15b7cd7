package dev.cpg.client.internal.cpg.outcome;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Here nobody reports an outcome unless a test does so: what is seen of it is seen of the
 * decision.
 */
@Timeout(30)
class OutcomeFutureTests {

	private static final int RACES = 50_000;

	private static final CpgView VIEW = new CpgView(new RingId(1, 2), List.of(new CpgAddress(1, 1)));

	private final SendFuture send = new SendFuture(0, 0, 0);

	@Test
	void theDecisionReleasesAThreadThatWaits() throws Exception {
		Waiting joining = new Waiting(this.send::join);
		Waiting getting = new Waiting(this.send::get);
		Waiting gettingForATime = new Waiting(() -> this.send.get(1, TimeUnit.DAYS));
		this.send.decideDelivered(VIEW);
		assertThat(joining.outcome()).isEqualTo(VIEW);
		assertThat(getting.outcome()).isEqualTo(VIEW);
		assertThat(gettingForATime.outcome()).isEqualTo(VIEW);
	}

	@Test
	void aFailureIsThrownAsByEveryFuture() throws Exception {
		Waiting joining = new Waiting(this.send::join);
		Waiting getting = new Waiting(this.send::get);
		this.send.decideUnknown(CsError.TIMEOUT, "of the test", null);
		assertThat(joining.outcome()).isInstanceOf(CompletionException.class)
			.extracting("cause")
			.isInstanceOf(CpgSendException.class);
		assertThat(getting.outcome()).isInstanceOf(ExecutionException.class)
			.extracting("cause")
			.isInstanceOf(CpgSendException.class);
	}

	@Test
	void whoLooksAfterTheDecisionSeesIt() {
		this.send.decideDelivered(VIEW);
		assertThat(this.send.isReported()).isFalse();
		assertThat(this.send.getNow(CpgView.NONE)).isEqualTo(VIEW);
		assertThat(this.send.isReported()).isTrue();
	}

	@Test
	void oneThatWasDecidedIsNotDecidedByItsHolder() {
		this.send.decideDelivered(VIEW);
		assertThat(this.send.complete(CpgView.NONE)).isFalse();
		assertThat(this.send.cancel(true)).isFalse();
		assertThat(this.send.join()).isEqualTo(VIEW);
	}

	@ParameterizedTest
	@ValueSource(strings = { "complete", "completeAsync", "completeOnTimeout", "obtrudeValue" })
	void theHolderMayCompleteItAndReleasesWhoWaits(String how) throws Exception {
		Waiting joining = new Waiting(this.send::join);
		switch (how) {
			case "complete" -> this.send.complete(VIEW);
			case "completeAsync" -> this.send.completeAsync(() -> VIEW);
			case "completeOnTimeout" -> this.send.completeOnTimeout(VIEW, 10, TimeUnit.MILLISECONDS);
			default -> this.send.obtrudeValue(VIEW);
		}
		assertThat(joining.outcome()).isEqualTo(VIEW);
	}

	@ParameterizedTest
	@ValueSource(strings = { "completeExceptionally", "completeAsync", "orTimeout", "obtrudeException", "cancel" })
	void orFailIt(String how) throws Exception {
		Waiting joining = new Waiting(this.send::join);
		switch (how) {
			case "completeExceptionally" -> this.send.completeExceptionally(new IllegalStateException());
			case "completeAsync" -> this.send.completeAsync(() -> {
				throw new IllegalStateException();
			});
			case "orTimeout" -> this.send.orTimeout(10, TimeUnit.MILLISECONDS);
			case "obtrudeException" -> this.send.obtrudeException(new IllegalStateException());
			default -> this.send.cancel(true);
		}
		assertThat(joining.outcome()).isInstanceOfAny(CompletionException.class, CancellationException.class);
	}

	@Test
	void waitingForATimeEnds() {
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> this.send.get(5, TimeUnit.MILLISECONDS));
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> this.send.get(0, TimeUnit.MILLISECONDS));
	}

	@Test
	void anInterruptEndsAGetAndNotAJoin() throws Exception {
		Waiting getting = new Waiting(this.send::get);
		Waiting joining = new Waiting(() -> {
			this.send.join();
			return Thread.interrupted();
		});
		getting.thread.interrupt();
		joining.thread.interrupt();
		assertThat(getting.outcome()).isInstanceOf(InterruptedException.class);
		assertThat(joining.outcome).isNotDone();
		this.send.decideDelivered(VIEW);
		assertThat(joining.outcome()).as("whether the interrupt is kept").isEqualTo(true);
	}

	@Test
	void anInterruptHidesNoOutcomeThatIsThere() throws Exception {
		this.send.decideDelivered(VIEW);
		Thread.currentThread().interrupt();
		assertThat(this.send.get()).isEqualTo(VIEW);
		assertThat(this.send.get(1, TimeUnit.SECONDS)).isEqualTo(VIEW);
		assertThat(Thread.interrupted()).as("whether the interrupt is kept").isTrue();
	}

	@Test
	void whatDependsOnItRunsWhenTheOutcomeIsReported() {
		AtomicReference<Thread> ran = new AtomicReference<>();
		this.send.thenRun(() -> ran.set(Thread.currentThread()));
		this.send.decideDelivered(VIEW);
		assertThat(this.send.isDone()).as("a look does not run what somebody else added").isFalse();
		assertThat(ran).hasNullValue();
		this.send.report();
		assertThat(ran).hasValue(Thread.currentThread());
	}

	@Test
	void whatComesToDependOnItAfterTheDecisionRunsAtOnce() {
		this.send.decideDelivered(VIEW);
		assertThat(this.send.thenApply(Function.identity())).isCompletedWithValue(VIEW);
		assertThat(decided().copy()).isCompletedWithValue(VIEW);
		assertThat(decided().minimalCompletionStage().toCompletableFuture()).isCompletedWithValue(VIEW);
		assertThat(CompletableFuture.completedFuture(1).thenCombine(decided(), (one, view) -> view))
			.isCompletedWithValue(VIEW);
		assertThat(CompletableFuture.completedFuture(1).thenCompose((one) -> decided())).isCompletedWithValue(VIEW);
		assertThat(new CompletableFuture<CpgView>().applyToEither(decided(), Function.identity()))
			.isCompletedWithValue(VIEW);
		assertThat(new CompletableFuture<CpgView>().runAfterEither(decided(), () -> {
		})).isCompleted();
	}

	@Test
	void allAndAnyOfSeveralAreDoneWhenTheirOutcomesAreReported() {
		SendFuture other = decided();
		CompletableFuture<Void> all = CompletableFuture.allOf(this.send, other);
		CompletableFuture<Object> any = CompletableFuture.anyOf(this.send, other);
		this.send.decideDelivered(VIEW);
		this.send.report();
		other.report();
		assertThat(all).isCompleted();
		assertThat(any).isCompletedWithValue(VIEW);
	}

	/** Else the daemon would wait for the application. */
	@Test
	void nothingThatDependsOnItEverRunsOnTheThreadThatDecides() throws Exception {
		Thread decider = Thread.currentThread();
		SendFuture[] sends = Stream.generate(() -> new SendFuture(0, 0, 0)).limit(RACES).toArray(SendFuture[]::new);
		AtomicInteger decided = new AtomicInteger();
		AtomicInteger added = new AtomicInteger();
		AtomicInteger ran = new AtomicInteger();
		AtomicInteger ranOnDecider = new AtomicInteger();
		Runnable action = () -> {
			ran.incrementAndGet();
			if (Thread.currentThread() == decider) {
				ranOnDecider.incrementAndGet();
			}
		};
		List<Consumer<SendFuture>> ways = List.of((send) -> send.thenRun(action),
				(send) -> send.whenComplete((view, ex) -> action.run()),
				(send) -> CompletableFuture.allOf(send).thenRun(action),
				(send) -> new CompletableFuture<CpgView>().applyToEither(send, Function.identity()).thenRun(action),
				(send) -> CompletableFuture.completedFuture(1).thenCompose((one) -> send).thenRun(action));
		Thread adder = new Thread(() -> {
			for (int i = 0; i < RACES; i++) {
				keepUpWith(decided, i);
				ways.get(i % ways.size()).accept(sends[i]);
				added.set(i);
			}
		});
		adder.start();
		for (int i = 0; i < RACES; i++) {
			decided.set(i);
			for (int spins = i % 64; spins > 0; spins--) {
				Thread.onSpinWait();
			}
			sends[i].decideDelivered(VIEW);
			keepUpWith(added, i);
			ForkJoinPool.commonPool().execute(sends[i]::report);
		}
		adder.join();
		Awaitility.await().until(() -> ran.get() == RACES);
		assertThat(ranOnDecider).hasValue(0);
	}

	/** Waits for the other side, but not where a busy machine lets it wait. */
	private static void keepUpWith(AtomicInteger other, int race) {
		for (int spins = 0; spins < 2_000 && other.get() < race; spins++) {
			Thread.onSpinWait();
		}
	}

	private static SendFuture decided() {
		SendFuture send = new SendFuture(0, 0, 0);
		send.decideDelivered(VIEW);
		return send;
	}

	/** A thread that waits, and what came of it. */
	private static final class Waiting {

		private final CompletableFuture<Object> outcome = new CompletableFuture<>();

		private final Thread thread;

		Waiting(Wait wait) {
			this.thread = new Thread(() -> {
				try {
					this.outcome.complete(wait.await());
				}
				catch (Exception ex) {
					this.outcome.complete(ex);
				}
			});
			this.thread.start();
			Awaitility.await()
				.until(() -> this.thread.getState() == Thread.State.WAITING
						|| this.thread.getState() == Thread.State.TIMED_WAITING);
		}

		Object outcome() throws Exception {
			return this.outcome.get(10, TimeUnit.SECONDS);
		}

	}

	private interface Wait {

		Object await() throws Exception;

	}

}
