package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listener gets every message once, in order and whole, whether it is slow or fast, and
 * whichever thread reads.
 */
@CorosyncTest(nodes = 1)
@Timeout(120)
class ListeningTests {

	private static final int MESSAGES = 20_000;

	private static final int MIB = 1024 * 1024;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	ListeningTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aListenerThatIsSlowNowAndThenGetsEveryMessageOnceInOrder(boolean keeps) throws Exception {
		Listener listener = new Listener(keeps);
		Random pauses = new Random(11);
		listener.onMessage = (message) -> {
			if (pauses.nextInt(500) == 0) {
				pause(pauses.nextInt(12));
			}
		};
		try (CpgConnection connection = join(listener)) {
			Random sizes = new Random(7);
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			for (int i = 0; i < MESSAGES; i++) {
				sends.add(connection.multicast(message(i, 8 + sizes.nextInt(3000))));
			}
			// Two that come in fragments, and one after them.
			for (int i = MESSAGES; i < MESSAGES + 3; i++) {
				sends.add(connection.multicast(message(i, (i < MESSAGES + 2) ? MIB + i : 8)));
			}
			for (CompletableFuture<CpgView> send : sends) {
				send.get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
			}
			Awaitility.await().atMost(Member.LIMIT).until(() -> listener.count.get() == sends.size());
			assertThat(listener.wrong).isEmpty();
		}
		assertThat(listener.threads).as("threads that called the listener").hasSize(1);
	}

	@Test
	void aListenerThatHangsDelaysNothingElse() throws Exception {
		CountDownLatch goOn = new CountDownLatch(1);
		Listener listener = new Listener(true);
		try (CpgConnection connection = join(listener)) {
			listener.onMessage = (message) -> await(goOn);
			for (int i = 0; i < 1000; i++) {
				connection.multicast(message(i, 100)).get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
			}
			assertThat(listener.count).hasValue(0);
			assertThat(connection.statistics().queuedBytes()).isGreaterThan(999 * 100);
			assertThat(connection.statistics().lag()).isPositive();
			goOn.countDown();
			Awaitility.await().atMost(Member.LIMIT).until(() -> listener.count.get() == 1000);
			Awaitility.await().atMost(Member.LIMIT).until(() -> connection.statistics().lag().isZero());
			assertThat(listener.wrong).isEmpty();
		}
	}

	@Test
	void aConnectionThatIsClosedWhileItsListenerHangsIsStillReleased() throws Exception {
		CountDownLatch goOn = new CountDownLatch(1);
		Listener listener = new Listener(true);
		CpgConnection connection = join(listener);
		listener.onMessage = (message) -> await(goOn);
		CompletableFuture<CpgView> unused = connection.multicast(message(0, 100));
		Awaitility.await().atMost(Member.LIMIT).until(() -> !connection.statistics().lag().isZero());
		CompletableFuture.runAsync(connection::close).get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
		assertThat(connection.isOpen()).isFalse();
		assertThat(listener.closed).isNotDone();
		goOn.countDown();
		listener.closed.get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
	}

	@Test
	void anInterruptOfTheThreadThatCallsAListenerCostsNothing() throws Exception {
		Listener listener = new Listener(true);
		try (CpgConnection connection = join(listener)) {
			connection.multicast(message(0, 100)).get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> listener.threads.size() == 1);
			Thread caller = listener.threads.get(0);
			for (int i = 1; i <= 2000; i++) {
				caller.interrupt();
				connection.multicast(message(i, 100)).get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
			}
			Awaitility.await().atMost(Member.LIMIT).until(() -> listener.count.get() == 2001);
			assertThat(listener.wrong).isEmpty();
			assertThat(connection.isOpen()).isTrue();
		}
	}

	private CpgConnection join(Listener listener) {
		CpgConnection connection = CorosyncConnector.builder()
			.name("listening")
			.socketDirectory(this.cluster.node(1).socketDirectory())
			.datagramSockets(NodeSockets.of(this.cluster.node(1)))
			.build()
			.connect(listener);
		connection.join(this.group, Member.LIMIT);
		return connection;
	}

	/** A number, and bytes that follow from it. */
	private static byte[] message(int number, int length) {
		byte[] bytes = new byte[length];
		new Random(number).nextBytes(bytes);
		ByteBuffer.wrap(bytes).putInt(number);
		return bytes;
	}

	private static void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Records every message that is not the next one as it was sent. */
	private static final class Listener implements CpgListener {

		private final boolean keeps;

		private final AtomicInteger count = new AtomicInteger();

		private final List<String> wrong = new CopyOnWriteArrayList<>();

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		private final CompletableFuture<String> closed = new CompletableFuture<>();

		private volatile Consumer<CpgMessage> onMessage = (message) -> {
		};

		Listener(boolean keeps) {
			this.keeps = keeps;
		}

		@Override
		public boolean keepsMessages() {
			return this.keeps;
		}

		@Override
		public void delivered(CpgMessage message) {
			if (!this.threads.contains(Thread.currentThread())) {
				this.threads.add(Thread.currentThread());
			}
			this.onMessage.accept(message);
			int number = this.count.get();
			ByteBuffer expected = ByteBuffer.wrap(message(number, message.length()));
			if (!message.buffer().equals(expected)) {
				this.wrong.add("%s where number %d was due".formatted(message, number));
			}
			this.count.incrementAndGet();
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			this.closed.complete("closed");
		}

	}

}
