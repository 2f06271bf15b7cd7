package dev.cpg.client.internal.cpg.delivery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.client.corosync.FakeClient;
import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.corosync.FakePeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listener that is a little too slow for what comes at once. A real daemon that sends
 * so much at once keeps the machine so busy that the listener is held up for longer than
 * its calls take, and the reader takes over for that: so this one is not real.
 */
@Timeout(30)
class BurstTests {

	private static final int MESSAGES = 200;

	private static final Duration CALL = Duration.ofMillis(1);

	@Test
	void whatComesWhileManyShortCallsTakeLongIsNotLeftToTheDaemon(@TempDir Path directory) throws Exception {
		try (FakeDaemon daemon = new FakeDaemon(directory)) {
			Listener listener = new Listener();
			try (CpgConnection connection = connect(daemon, listener)) {
				listener.connection.complete(connection);
				connection.join(FakeClient.GROUP, FakeClient.LIMIT);
				FakePeer peer = daemon.peer();
				CpgAddress other = new CpgAddress(FakeDaemon.NODE_ID, 12);
				for (int i = 0; i < MESSAGES; i++) {
					peer.event(Frames.deliver(FakeClient.GROUP, other, new byte[1000]));
				}
				assertThat(listener.queued.get(10, TimeUnit.SECONDS)).as("bytes that the client has read")
					.isGreaterThan(MESSAGES / 4 * 1000L);
			}
		}
	}

	private static CpgConnection connect(FakeDaemon daemon, CpgListener listener) {
		return CorosyncConnector.builder()
			.name("burst")
			.socketDirectory(daemon.directory())
			.memberId(4711)
			.build()
			.connect(listener);
	}

	private static final class Listener implements CpgListener {

		private final AtomicInteger calls = new AtomicInteger();

		private final CompletableFuture<Long> queued = new CompletableFuture<>();

		private final CompletableFuture<CpgConnection> connection = new CompletableFuture<>();

		@Override
		public void delivered(CpgMessage message) {
			long begin = System.nanoTime();
			while (System.nanoTime() - begin < CALL.toNanos()) {
				Thread.onSpinWait();
			}
			if (this.calls.incrementAndGet() == MESSAGES / 4) {
				this.queued.complete(this.connection.join().statistics().queuedBytes());
			}
		}

	}

}
