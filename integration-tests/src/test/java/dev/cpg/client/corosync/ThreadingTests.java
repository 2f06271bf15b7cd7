package dev.cpg.client.corosync;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * One connection used by many threads, by interrupted ones and by virtual ones.
 */
@CorosyncTest(nodes = 1)
@Timeout(120)
class ThreadingTests {

	private static final int THREADS = 8;

	private static final int MESSAGES = 5_000;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	ThreadingTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void manyThreadsSendAndAskAtOnceAndNothingIsLost() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
		try {
			sendFromManyThreads(threads);
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void manyVirtualThreadsSendAndAskAtOnceAndNothingIsLost() throws Exception {
		ExecutorService threads = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null);
		try {
			sendFromManyThreads(threads);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void sendFromManyThreads(ExecutorService threads) throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			ConcurrentLinkedQueue<CompletableFuture<CpgView>> sends = new ConcurrentLinkedQueue<>();
			List<Future<?>> tasks = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				int number = thread;
				tasks.add(threads.submit(() -> {
					for (int i = 0; i < MESSAGES; i++) {
						sends.add(member.send(number + " " + i));
					}
				}));
			}
			tasks.add(threads.submit(() -> {
				for (int i = 0; i < 200; i++) {
					assertThat(member.connection().membership(this.group)).containsExactly(member.address());
				}
			}));
			for (Future<?> task : tasks) {
				task.get(60, TimeUnit.SECONDS);
			}
			for (CompletableFuture<CpgView> send : sends) {
				send.get(20, TimeUnit.SECONDS);
			}
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> member.events(CpgMessage.class).size() == THREADS * MESSAGES);
			List<String> messages = member.messages();
			for (int thread = 0; thread < THREADS; thread++) {
				String prefix = thread + " ";
				assertThat(messages.stream().filter((text) -> text.startsWith(prefix)).toList())
					.as("messages of thread %d, in its order", thread)
					.hasSize(MESSAGES)
					.isEqualTo(expected(prefix));
			}
		}
	}

	private static List<String> expected(String prefix) {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < MESSAGES; i++) {
			expected.add(prefix + i);
		}
		return expected;
	}

	@Test
	void anInterruptedThreadMayCallAnythingAndStaysInterrupted() {
		Thread.currentThread().interrupt();
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
			CompletableFuture<CpgView> send = member.send("interrupted");
			assertThat(member.connection().membership(this.group)).containsExactly(member.address());
			assertThat(Thread.interrupted()).isTrue();
			assertThat(send.join().members()).containsExactly(member.address());
			Thread.currentThread().interrupt();
			member.connection().leave(Member.LIMIT);
			assertThat(Thread.interrupted()).isTrue();
			assertThat(member.connection().isOpen()).isTrue();
			Thread.currentThread().interrupt();
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void aLargeMessageOfAnInterruptedThreadIsRefusedForThatReason() {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			byte[] large = new byte[4 << 20];
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> member.connection().multicast(large))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.INTERRUPT));
			assertThat(Thread.interrupted()).isTrue();
			assertThat(member.connection().multicast(large).join().members()).containsExactly(member.address());
		}
	}

	@Test
	void interruptingSendersAtAnyMomentCostsNeitherTheConnectionNorAMessage() throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			List<CompletableFuture<CpgView>> sends = Collections.synchronizedList(new ArrayList<>());
			FutureTask<Void> sending = new FutureTask<>(() -> {
				for (int i = 0; i < 50_000; i++) {
					try {
						sends.add(member.send("message " + i));
					}
					catch (CorosyncException ex) {
						// Refused because of the interrupt: it was not sent.
						assertThat(ex.error()).isEqualTo(CsError.INTERRUPT);
						Thread.interrupted();
					}
				}
			}, null);
			Thread sender = new Thread(sending);
			sender.start();
			while (sender.isAlive()) {
				sender.interrupt();
				Thread.onSpinWait();
			}
			sending.get();
			for (CompletableFuture<CpgView> send : sends) {
				send.get(20, TimeUnit.SECONDS);
			}
			assertThat(member.connection().isOpen()).isTrue();
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.events(CpgMessage.class).size() == sends.size());
			assertThat(sends).isNotEmpty();
		}
	}

}
