package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.setup.SetUpQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How many connections to one daemon are set up at a time, by a daemon that counts them
 * and takes its time.
 */
@Timeout(60)
class SetUpQueueTests {

	private static final int GROUPS = 20;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private FakeDaemon daemon;

	@BeforeEach
	void start(@TempDir Path directory) throws IOException {
		this.daemon = new FakeDaemon(directory);
	}

	@AfterEach
	void stop() throws IOException {
		this.threads.shutdown();
		this.daemon.close();
	}

	private CorosyncConnector connector(Duration requestTimeout) {
		return CorosyncConnector.builder()
			.socketDirectory(this.daemon.directory())
			.requestTimeout(requestTimeout)
			.build();
	}

	private List<CompletableFuture<CpgConnection>> connectAll(Duration requestTimeout) {
		return Stream
			.generate(() -> CompletableFuture.supplyAsync(() -> connector(requestTimeout).connect(new CpgListener() {
			}), this.threads))
			.limit(GROUPS)
			.toList();
	}

	@Test
	void connectionsAreSetUpAFewAtATime() {
		CountDownLatch go = new CountDownLatch(1);
		this.daemon.conversation((peer) -> {
			this.most.accumulateAndGet(this.underWay.incrementAndGet(), Math::max);
			awaitUninterruptibly(go);
			peer.setUp();
			peer.serve();
		});
		this.daemon.on(CpgRequests.LOCAL_NODE, (request, peer) -> {
			this.underWay.decrementAndGet();
			peer.respond(Frames.localNode(FakeDaemon.NODE_ID));
		});
		List<CompletableFuture<CpgConnection>> connections = connectAll(FakeClient.LIMIT);
		await().until(() -> this.daemon.peers().size() == SetUpQueue.AT_ONCE);
		go.countDown();
		connections.forEach((connection) -> assertThat(connection).succeedsWithin(FakeClient.LIMIT));
		assertThat(this.most).hasValueLessThanOrEqualTo(2);
		connections.forEach((connection) -> connection.join().close());
	}

	/** Else the last of many would wait for all that came before, one after the other. */
	@Test
	void nobodyWaitsForADaemonThatIsSilentToThoseInFront() {
		this.daemon.conversation((peer) -> awaitUninterruptibly(new CountDownLatch(1)));
		for (CompletableFuture<CpgConnection> connection : connectAll(Duration.ofSeconds(2))) {
			assertThat(connection).failsWithin(FakeClient.LIMIT)
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(CorosyncConnectException.class,
						(ex) -> assertThat(ex.reason()).isEqualTo(Reason.TIMEOUT));
		}
		assertThat(this.daemon.peers()).hasSizeLessThan(GROUPS);
	}

	/** One that waits for less is not in a position to judge. */
	@Test
	void aShortLimitOfOneConnectorIsNoTimeoutOfOthers() {
		SetUpQueue setUps = new SetUpQueue();
		CountDownLatch waiting = new CountDownLatch(1);
		CompletableFuture<?> impatient = CompletableFuture.allOf(Stream
			.generate(() -> CompletableFuture
				.runAsync(() -> setUps.inTurn(Duration.ofMillis(1), () -> timeOut(waiting)), this.threads))
			.limit(SetUpQueue.AT_ONCE)
			.toArray(CompletableFuture<?>[]::new));
		await().until(() -> this.underWay.get() == SetUpQueue.AT_ONCE);
		CompletableFuture<String> patient = CompletableFuture
			.supplyAsync(() -> setUps.inTurn(Duration.ofSeconds(5), () -> "set up"), this.threads);
		waiting.countDown();
		assertThat(patient).succeedsWithin(FakeClient.LIMIT).isEqualTo("set up");
		assertThat(impatient).failsWithin(FakeClient.LIMIT);
	}

	private String timeOut(CountDownLatch waiting) {
		this.underWay.incrementAndGet();
		awaitUninterruptibly(waiting);
		throw new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT, "Not in a millisecond", null);
	}

	@Test
	void nobodyWaitsLongerThanItsOwnLimitBehindThoseWithALongerOne() {
		SetUpQueue setUps = new SetUpQueue();
		CountDownLatch silence = new CountDownLatch(1);
		for (int i = 0; i < SetUpQueue.AT_ONCE; i++) {
			this.threads.execute(() -> setUps.inTurn(Duration.ofMinutes(10), () -> {
				this.underWay.incrementAndGet();
				awaitUninterruptibly(silence);
				return "set up";
			}));
		}
		await().until(() -> this.underWay.get() == SetUpQueue.AT_ONCE);
		CompletableFuture<String> other = CompletableFuture
			.supplyAsync(() -> setUps.inTurn(Duration.ofMillis(100), () -> "set up"), this.threads);
		assertThat(other).failsWithin(FakeClient.LIMIT)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(CorosyncConnectException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(Reason.TIMEOUT));
		silence.countDown();
		await().untilAsserted(() -> assertThat(setUps.<String>inTurn(FakeClient.LIMIT, () -> "set up")).isNotNull());
	}

	@Test
	void aFailureLeavesItsPlaceToTheNext() {
		SetUpQueue setUps = new SetUpQueue();
		for (int i = 0; i < 3 * SetUpQueue.AT_ONCE; i++) {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> setUps.inTurn(FakeClient.LIMIT, () -> {
					throw new IllegalStateException();
				}));
		}
		assertThat(setUps.<String>inTurn(FakeClient.LIMIT, () -> "set up")).isEqualTo("set up");
	}

	@Test
	void connectorsToOneDaemonShareItsNames() {
		SharedNames shared = names(Duration.ofSeconds(5), Set.of());
		assertThat(shared).isSameAs(names(Duration.ofSeconds(5), Set.of()));
		CompletableFuture<CpgNames> reading = new CompletableFuture<>();
		CompletableFuture<CpgNames> first = shared.get(() -> reading);
		CompletableFuture<CpgNames> second = shared.get(() -> {
			throw new AssertionError("The names are read twice");
		});
		CpgNames names = new CpgNames("bakery", Map.of());
		reading.complete(names);
		assertThat(first).isCompletedWithValue(names);
		assertThat(second).isCompletedWithValue(names);
	}

	@Test
	void namesThatCouldNotBeReadAreReadAgain() {
		SharedNames shared = names(Duration.ofSeconds(5), Set.of());
		CompletableFuture<CpgNames> reading = new CompletableFuture<>();
		CompletableFuture<CpgNames> failed = shared.get(() -> reading);
		reading.completeExceptionally(new IllegalStateException("The daemon is gone"));
		assertThat(failed).isCompletedExceptionally();
		CpgNames names = new CpgNames("bakery", Map.of());
		assertThat(shared.get(() -> CompletableFuture.completedFuture(names))).isCompletedWithValue(names);
	}

	@Test
	void whoCancelsTheReadingOfNamesCancelsItForNobodyElse() {
		SharedNames shared = names(Duration.ofSeconds(5), Set.of());
		CompletableFuture<CpgNames> reading = new CompletableFuture<>();
		shared.get(() -> reading).cancel(true);
		assertThat(reading).isNotDone();
	}

	/** It would get what an impostor says, or wait for a daemon that is silent. */
	@Test
	void oneThatTrustsFewerOrWaitsForLessReadsItsNamesItself() {
		SharedNames shared = names(Duration.ofSeconds(5), Set.of());
		assertThat(shared).isNotSameAs(names(Duration.ofSeconds(5), Set.of(4711L)));
		assertThat(shared).isNotSameAs(names(Duration.ofSeconds(50), Set.of()));
	}

	private SharedNames names(Duration requestTimeout, Set<Long> trustedUids) {
		return DaemonAccess.of(this.daemon.directory()).names(requestTimeout, trustedUids);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
