package dev.cpg.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * A cluster on threads of its own.
 */
@Timeout(60)
class RealTimeTests {

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static CpgConnection join(EmbeddedCluster cluster, int node, CpgListener listener) {
		CpgConnection connection = cluster.node(node).connector().connect(listener);
		connection.join(GROUP, LIMIT);
		return connection;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void membersMeetSplitAndComeTogether() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
			Recorder one = new Recorder();
			CpgConnection first = join(cluster, 1, one);
			CpgConnection third = join(cluster, 3, new Recorder());
			assertThat(first.multicast(bytes("hello"))).succeedsWithin(LIMIT);
			await().until(() -> one.messages().contains("hello"));

			cluster.partition(Set.of(1, 2), Set.of(3));
			await().until(() -> first.view().members().size() == 1 && third.view().members().size() == 1);
			assertThat(one.events()).contains("- 3/" + third.localAddress().pid() + " NODEDOWN");

			cluster.heal();
			await().until(() -> first.view().members().size() == 2);
			await().until(() -> third.view().equals(first.view()));
			assertThat(one.events()).contains("+ 3/" + third.localAddress().pid() + " NODEUP");

			cluster.node(3).kill();
			await().until(() -> first.view().members().size() == 1);
			assertThat(third.isOpen()).isFalse();
		}
	}

	/** How many messages of others go first says more than a time on a busy machine. */
	@Test
	void aSenderThatWaitsForRoomIsNotPassedByOthersAgainAndAgain() throws Exception {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
			CpgConnection connection = join(cluster, 1, new Recorder());
			AtomicLong passing = new AtomicLong();
			AtomicBoolean over = new AtomicBoolean();
			List<Thread> others = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Thread other = new Thread(() -> {
					while (!over.get()) {
						connection.multicast(new byte[8]);
						passing.incrementAndGet();
					}
				});
				other.start();
				others.add(other);
			}
			List<Long> passed = new ArrayList<>();
			while (passed.size() < 50) {
				if (connection.tryMulticast(new byte[9]) == null) {
					long before = passing.get();
					connection.multicast(new byte[9]);
					passed.add(passing.get() - before);
				}
			}
			over.set(true);
			for (Thread other : others) {
				other.join();
			}
			passed.sort(null);
			assertThat(passed.get(40)).as("of %s", passed).isLessThan(200);
		}
	}

	@Test
	void messagesOfManyThreadsArriveInOneOrder() throws Exception {
		int threads = 4;
		int each = 2000;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
			List<Recorder> recorders = List.of(new Recorder(), new Recorder(), new Recorder());
			List<CpgConnection> connections = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				connections.add(join(cluster, i + 1, recorders.get(i)));
			}
			await().until(() -> connections.get(0).view().members().size() == 3);
			List<Future<?>> senders = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				CpgConnection connection = connections.get(thread % 3);
				String prefix = "thread-" + thread + "-";
				senders.add(executor.submit(() -> {
					List<CompletableFuture<CpgView>> sent = new ArrayList<>();
					for (int i = 0; i < each; i++) {
						sent.add(connection.multicast(bytes(prefix + i)));
					}
					sent.forEach(CompletableFuture::join);
				}));
			}
			for (Future<?> sender : senders) {
				sender.get();
			}
			await()
				.until(() -> recorders.stream().allMatch((recorder) -> recorder.messages().size() == threads * each));
			assertThat(recorders.get(1).messages()).isEqualTo(recorders.get(0).messages());
			assertThat(recorders.get(2).messages()).isEqualTo(recorders.get(0).messages());
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void aListenerThatBlocksHoldsUpNobodyElse() {
		CountDownLatch release = new CountDownLatch(1);
		CpgListener blocking = new CpgListener() {

			@Override
			public void delivered(CpgMessage message) {
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
			List<CpgConnection> blocked = new ArrayList<>();
			for (int i = 0; i < 30; i++) {
				blocked.add(join(cluster, 1, blocking));
			}
			Recorder recorder = new Recorder();
			CpgConnection connection = join(cluster, 1, recorder);
			for (int i = 0; i < 10; i++) {
				assertThat(connection.multicast(bytes("message-" + i))).succeedsWithin(LIMIT);
			}
			await().until(() -> recorder.messages().size() == 10);
			assertThat(blocked).allSatisfy((member) -> assertThat(member.statistics().queuedBytes()).isPositive());
			release.countDown();
			await().until(() -> blocked.stream().allMatch((member) -> member.statistics().queuedBytes() == 0));
		}
	}

	@Test
	void whatDependsOnAnOutcomeMayWaitForAnotherMessage() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
			CpgConnection connection = join(cluster, 1, new Recorder());
			CompletableFuture<CpgView> second = connection.multicast(bytes("first"))
				.thenApply((view) -> connection.multicast(bytes("second")).join());
			assertThat(second).succeedsWithin(LIMIT);
		}
	}

	@Test
	void membersThatAreIdleHaveNoThreads() {
		int nodes = 8;
		int each = 125;
		AtomicInteger received = new AtomicInteger();
		CpgListener counter = new CpgListener() {

			@Override
			public void delivered(CpgMessage message) {
				received.incrementAndGet();
			}

		};
		int before = Thread.activeCount();
		try (EmbeddedCluster cluster = EmbeddedCluster.start(nodes)) {
			List<CpgConnection> connections = new ArrayList<>();
			for (int i = 0; i < nodes * each; i++) {
				connections.add(join(cluster, i % nodes + 1, counter));
			}
			await().atMost(LIMIT).until(() -> connections.get(0).view().members().size() == nodes * each);
			assertThat(connections.get(7).multicast(bytes("to-all"))).succeedsWithin(LIMIT);
			await().atMost(LIMIT).until(() -> received.get() == nodes * each);
			assertThat(Thread.activeCount() - before).isLessThan(32);
		}
	}

	@Test
	void aSenderThatWaitsForTheDaemonCanBeInterrupted() throws Exception {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
			CpgConnection connection = join(cluster, 1, new Recorder());
			cluster.node(1).refuseMulticasts();
			AtomicReference<Throwable> thrown = new AtomicReference<>();
			Thread sender = new Thread(() -> {
				try {
					connection.multicast(bytes("never"));
				}
				catch (CorosyncException ex) {
					thrown.set(ex);
				}
			});
			sender.start();
			await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
			sender.interrupt();
			sender.join();
			assertThat(thrown.get()).isInstanceOfSatisfying(CorosyncException.class,
					(ex) -> assertThat(ex.error()).isEqualTo(CsError.INTERRUPT));
			assertThat(connection.isOpen()).isTrue();
			cluster.node(1).acceptMulticasts();
			assertThat(connection.multicast(bytes("after"))).succeedsWithin(LIMIT);
		}
	}

	@Test
	void aMessageInFragmentsArrivesWhole() {
		try (EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(2).maxAtomicMessageSize(1000).start()) {
			CompletableFuture<byte[]> received = new CompletableFuture<>();
			join(cluster, 2, new CpgListener() {

				@Override
				public void delivered(CpgMessage message) {
					received.complete(message.payload());
				}

			});
			byte[] message = new byte[123_456];
			for (int i = 0; i < message.length; i++) {
				message[i] = (byte) (i * 31);
			}
			CpgConnection sender = join(cluster, 1, new Recorder());
			CompletableFuture<CpgView> sent = sender.multicast(message);
			assertThat(sent).succeedsWithin(LIMIT).satisfies((view) -> assertThat(view.members()).hasSize(2));
			assertThat(received).succeedsWithin(LIMIT).isEqualTo(message);
		}
	}

	@Test
	void aListenerThatKeepsNoMessagesIsLentTheirBytes() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
			CompletableFuture<CpgMessage> kept = new CompletableFuture<>();
			CompletableFuture<Byte> first = new CompletableFuture<>();
			CpgConnection connection = join(cluster, 1, new CpgListener() {

				@Override
				public boolean keepsMessages() {
					return false;
				}

				@Override
				public void delivered(CpgMessage message) {
					first.complete(message.buffer().get());
					kept.complete(message);
				}

			});
			connection.multicast(new byte[] { 42 });
			assertThat(first).succeedsWithin(LIMIT).isEqualTo((byte) 42);
			await()
				.untilAsserted(() -> assertThatIllegalStateException().isThrownBy(() -> kept.getNow(null).payload()));
		}
	}

	@Test
	void theEndOfTheClusterEndsItsConnectionsAndThreads() {
		Recorder recorder = new Recorder();
		try (EmbeddedCluster cluster = EmbeddedCluster.builder().name("ending").start()) {
			join(cluster, 1, recorder);
		}
		await().until(recorder::isClosed);
		assertThat(recorder.cause()).isNotNull();
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("cpg-ending")));
	}

	@Test
	void aConnectionThatIsClosedNotifiesItsListenerOfThatAsTheLast() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
			Recorder recorder = new Recorder();
			CpgConnection connection = join(cluster, 1, recorder);
			connection.multicast(bytes("last"));
			connection.close();
			connection.close();
			await().until(recorder::isClosed);
			assertThat(recorder.cause()).isNull();
			assertThat(connection.isOpen()).isFalse();
			assertThat(recorder.events()).endsWith("closed ");
			assertThat(connection.localAddress().nodeId()).isEqualTo(new CpgAddress(1, 1).nodeId());
		}
	}

	@Test
	void aClusterWithASeedBelongsToOneThread() throws Exception {
		try (EmbeddedCluster cluster = EmbeddedCluster.builder().seed(1).start()) {
			AtomicReference<Throwable> thrown = new AtomicReference<>();
			Thread other = new Thread(() -> {
				try {
					cluster.node(1).kill();
				}
				catch (IllegalStateException ex) {
					thrown.set(ex);
				}
			});
			other.start();
			other.join();
			assertThat(thrown.get()).hasMessageContaining("one thread");
		}
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
			assertThatIllegalStateException().isThrownBy(cluster::settle);
		}
	}

	@Test
	void aThreadHasTheNameOfTheConnectionThatItServes() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
			Queue<String> names = new ConcurrentLinkedQueue<>();
			CpgConnection member = EmbeddedConnector.builder(cluster.node(2))
				.name("orders")
				.build()
				.connect(new Recorder() {

					@Override
					public void delivered(CpgMessage message) {
						names.add(Thread.currentThread().getName());
					}

				});
			member.join(GROUP, LIMIT);
			assertThat(member.multicast(new byte[1]).thenAccept((view) -> names.add(Thread.currentThread().getName())))
				.succeedsWithin(LIMIT);
			await().until(() -> names.size() == 2);
			assertThat(names).contains("cpg-orders-node2-delivery")
				.isSubsetOf("cpg-orders-node2-delivery", "cpg-orders-node2-outcomes", Thread.currentThread().getName());
		}
	}

	@Test
	void nodesThatAreNotThereAreRefused() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
			assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> cluster.node(3));
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> cluster.partition(Set.of(1), Set.of(2, 3)));
			assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> cluster.cut(3, 1));
			assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> cluster.cut(1, 1));
		}
	}

	@Test
	void ringsThatCannotStayFormAgainAndAgainUntilTheNetworkIsHealed() {
		try (EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(3).formationDelay(Duration.ZERO).start()) {
			cluster.partition(Set.of(1, 2), Set.of(2, 3));
			await().until(() -> cluster.history().lines().filter((line) -> line.contains("is formed")).count() > 50);
			cluster.heal();
			CpgConnection one = join(cluster, 1, new Recorder());
			CpgConnection three = join(cluster, 3, new Recorder());
			await().until(() -> one.view().members().size() == 2 && one.view().equals(three.view()));
			assertThat(one.multicast(new byte[1])).succeedsWithin(LIMIT);
		}
	}

}
