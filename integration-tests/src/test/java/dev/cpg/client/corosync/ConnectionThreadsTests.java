package dev.cpg.client.corosync;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The threads of a connection whose application brings its own.
 */
@CorosyncTest
@Timeout(120)
class ConnectionThreadsTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	ConnectionThreadsTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void theThreadFactoryMakesTheThreadsOfAConnection() {
		AtomicInteger made = new AtomicInteger();
		try (Member member = join((builder) -> builder.threadFactory((task) -> {
			made.incrementAndGet();
			return new Thread(task);
		}))) {
			assertThat(member.send("to be delivered").join().members()).containsExactly(member.address());
			assertThat(made).hasValue(3);
			assertThat(threads()).containsExactlyInAnyOrder("cpg-member-reader", "cpg-member-delivery",
					"cpg-member-outcomes");
		}
	}

	@Test
	void anExecutorRunsWhatDependsOnOutcomesAndTheConnectionHasOneThreadLess() throws Exception {
		ExecutorService one = Executors.newSingleThreadExecutor((task) -> new Thread(task, "application"));
		try (Member member = join((builder) -> builder.executor(one))) {
			CompletableFuture<String> thread = new CompletableFuture<>();
			for (int i = 0; !thread.isDone() && i < 1000; i++) {
				CompletableFuture<CpgView> send = member.send("message " + i);
				// One that is added after the outcome is run here.
				send.thenRun(() -> onApplicationsThread(thread));
				send.join();
			}
			assertThat(thread.get(10, TimeUnit.SECONDS)).isEqualTo("application");
			assertThat(threads()).containsExactlyInAnyOrder("cpg-member-reader", "cpg-member-delivery");
		}
		finally {
			one.shutdown();
		}
	}

	private static void onApplicationsThread(CompletableFuture<String> thread) {
		if (Thread.currentThread().getName().equals("application")) {
			thread.complete("application");
		}
	}

	@Test
	void anActionThatBlocksTheExecutorsOnlyThreadHoldsUpNoOtherOutcome() throws Exception {
		ExecutorService one = Executors.newSingleThreadExecutor();
		CountDownLatch goOn = new CountDownLatch(1);
		try (Member member = join((builder) -> builder.executor(one))) {
			CompletableFuture<?> blocked = CompletableFuture.allOf(member.send("blocks"))
				.thenRun(() -> awaitUninterruptibly(goOn));
			CompletableFuture<String> next = CompletableFuture.allOf(member.send("goes on")).thenApply((none) -> "run");
			assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("run");
			assertThat(blocked).isNotDone();
			goOn.countDown();
		}
		finally {
			one.shutdown();
		}
	}

	@Test
	void virtualThreadsMayRunWhatDependsOnOutcomes() throws Exception {
		ExecutorService virtual = virtualThreads();
		Assumptions.assumeTrue(virtual != null, "There are no virtual threads in this JDK");
		CountDownLatch goOn = new CountDownLatch(1);
		try (Member member = join((builder) -> builder.executor(virtual))) {
			List<CompletableFuture<Void>> blocked = List.of(1, 2, 3)
				.stream()
				.map((number) -> CompletableFuture.allOf(member.send("message " + number))
					.thenRun(() -> awaitUninterruptibly(goOn)))
				.toList();
			member.send("last").get(10, TimeUnit.SECONDS);
			assertThat(blocked).noneMatch(CompletableFuture::isDone);
			goOn.countDown();
			CompletableFuture.allOf(blocked.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
		}
		finally {
			virtual.shutdown();
		}
	}

	private static @Nullable ExecutorService virtualThreads() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	@Test
	void manyConnectionsShareOneTimer() {
		try (Member one = join(UnaryOperator.identity()); Member two = join(UnaryOperator.identity())) {
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> thread.getName().equals("cpg-timer"))
				.hasSize(1);
			one.awaitMembers(one, two);
		}
	}

	private Member join(UnaryOperator<CorosyncConnector.Builder> settings) {
		Member member = Member.connect(this.cluster.node(1), settings);
		member.connection().join(this.group, Member.LIMIT);
		return member;
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Set<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("cpg-member-"))
			.collect(Collectors.toSet());
	}

}
