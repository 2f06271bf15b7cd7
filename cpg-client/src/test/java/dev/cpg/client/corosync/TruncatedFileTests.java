package dev.cpg.client.corosync;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.corosync.FakePeer.Ring;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.memory.RingFiles;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A daemon whose files are cut under the client's mappings, as libqb does when it cannot
 * remove them. Java raises an {@link InternalError} for an access to such a page, in the
 * thread that made it but "at some later time"; the JVM must live on, and the connection
 * must not.
 */
@Timeout(60)
class TruncatedFileTests {

	private static final int SENDERS = 3;

	private static final int CALLS = 20;

	private static final Duration SHORT = Duration.ofMillis(500);

	/** No constant, so that no compiler knows it. */
	private static volatile int none;

	@TempDir
	private Path directory;

	private FakeDaemon daemon;

	@BeforeEach
	void start() throws IOException {
		this.daemon = new FakeDaemon(this.directory);
	}

	@AfterEach
	void stop() throws IOException {
		this.daemon.close();
	}

	@Test
	void aJvmThatHasJustStartedSurvivesAnAdditionToAPageThatIsGone() throws Exception {
		Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), YoungJvm.class.getName(), this.directory.toString())
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output").toFile())
			.start();
		assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(jvm.exitValue()).as(Files.readString(this.directory.resolve("output"))).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "REQUEST,header", "REQUEST,data", "RESPONSE,header", "RESPONSE,data" })
	void aRingThatIsGoneEndsTheConnectionOfWhoAsks(Ring ring, String part) throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		this.daemon.peer().truncate(ring, part, 0);
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		FakeDaemon.start("fake-asker",
				() -> failure.complete(catchThrowable(() -> client.connection().membership(FakeClient.GROUP))));
		assertThat(failure.get(2 * FakeClient.LIMIT.toMillis(), TimeUnit.MILLISECONDS))
			.isInstanceOf(CorosyncException.class);
		this.daemon.peers().forEach(FakePeer::hangUp);
		client.awaitClosed();
	}

	/** What the public methods of a connection do with the rings. */
	private static Map<String, Consumer<CpgConnection>> calls() {
		Map<String, Consumer<CpgConnection>> calls = new LinkedHashMap<>();
		byte[] message = new byte[500];
		calls.put("multicast", (connection) -> connection.multicast(message));
		calls.put("multicast within", (connection) -> connection.multicast(message, FakeClient.LIMIT));
		calls.put("multicast parts", (connection) -> connection.multicast(ByteBuffer.wrap(message)));
		calls.put("multicast a writer's", (connection) -> connection.multicast(1, (target) -> target.put((byte) 1)));
		calls.put("try to multicast", (connection) -> connection.tryMulticast(message));
		calls.put("multicast fragments",
				(connection) -> connection.multicast(new byte[connection.limits().maxAtomicMessageSize() + 1]));
		calls.put("flow control", CpgConnection::flowControl);
		calls.put("membership", (connection) -> connection.membership(FakeClient.GROUP));
		calls.put("groups", CpgConnection::groups);
		calls.put("leave", (connection) -> connection.leave(FakeClient.LIMIT));
		return calls;
	}

	static Stream<Arguments> cuts() {
		return Stream.of(Ring.REQUEST, Ring.RESPONSE)
			.flatMap((ring) -> Stream.of("header", "data")
				.flatMap((part) -> Stream.of(0, 4096).map((length) -> arguments(ring, part, length))));
	}

	/**
	 * Java may raise the error long after the access. The application would get what a
	 * call leaves behind, so it is made to come here.
	 */
	@ParameterizedTest
	@MethodSource("cuts")
	void aCallReportsThatAFileIsGoneAsItsOwnExceptionAndLeavesNothingBehind(Ring ring, String part, int length)
			throws Exception {
		for (Map.Entry<String, Consumer<CpgConnection>> call : calls().entrySet()) {
			FakeClient client = FakeClient.connect(this.daemon, (builder) -> builder.requestTimeout(SHORT));
			client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
			this.daemon.peer().truncate(ring, part, length);
			for (int i = 0; i < CALLS; i++) {
				Throwable failure = catchThrowable(() -> call.getValue().accept(client.connection()));
				assertThat(failure).as(call.getKey())
					.satisfiesAnyOf((none) -> assertThat(none).isNull(),
							(some) -> assertThat(some).isInstanceOf(CorosyncException.class));
				assertThatCode(TruncatedFileTests::enterTheVm).as("after: " + call.getKey()).doesNotThrowAnyException();
			}
			this.daemon.peers().forEach(FakePeer::hangUp);
			client.awaitClosed();
		}
	}

	private static void enterTheVm() {
		assertThat(new byte[none][none]).isEmpty();
	}

	@Test
	void aListenerIsNotInterruptedByAFaultOfTheReader() throws Exception {
		AtomicReference<@Nullable Throwable> inListener = new AtomicReference<>();
		FakeClient client = FakeClient.join(this.daemon);
		client.whenDelivered(() -> inListener.compareAndSet(null, catchThrowable(TruncatedFileTests::enterTheVm)));
		FakePeer peer = this.daemon.peer();
		for (int i = 0; i < CALLS; i++) {
			client.send(new byte[500]).get(FakeClient.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		}
		for (int i = 0; i < CALLS; i++) {
			client.send(new byte[500]);
		}
		peer.truncate(Ring.EVENT, "data", 0);
		peer.hangUp();
		client.awaitClosed();
		assertThat(inListener.get()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "header,0", "header,4096", "data,0" })
	void anEventRingThatIsGoneEndsTheConnectionWithTheNextBell(String part, int length) throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		FakePeer peer = this.daemon.peer();
		peer.truncate(Ring.EVENT, part, length);
		peer.bell(1);
		client.awaitLost();
	}

	@RepeatedTest(3)
	void everyFileThatGoesUnderLoadEndsTheConnectionAndNotTheJvm() throws Exception {
		for (Ring ring : Ring.values()) {
			truncateUnderLoad(ring, "header");
			truncateUnderLoad(ring, "data");
		}
	}

	private void truncateUnderLoad(Ring ring, String part) throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		FakePeer peer = this.daemon.peer();
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		List<Thread> senders = new ArrayList<>();
		for (int i = 0; i < SENDERS; i++) {
			Thread sender = new Thread(() -> sendUntilItFails(client), "fake-sender");
			sender.setDaemon(true);
			sender.setUncaughtExceptionHandler((thread, ex) -> failures.add(ex));
			sender.start();
			senders.add(sender);
		}
		client.awaitMessages(1_000);
		peer.truncate(ring, part, 0);
		// This thread must not touch the ring: the fault would be reported to it later.
		assertThat(catchThrowable(() -> peer.bell(1))).satisfiesAnyOf((ex) -> assertThat(ex).isNull(),
				(ex) -> assertThat(ex).isInstanceOf(IOException.class));
		peer.hangUp();
		for (Thread sender : senders) {
			sender.join(2 * FakeClient.LIMIT.toMillis());
			assertThat(sender.isAlive()).isFalse();
		}
		assertThat(failures).allSatisfy((failure) -> assertThat(failure).isInstanceOf(CorosyncException.class));
		// Nothing of what it held is looked at: JDK 17 reports a fault at any later
		// point of the thread's, in one of a hundred runs where it holds a lock.
		Awaitility.await()
			.atMost(FakeClient.LIMIT)
			.dontCatchUncaughtExceptions()
			.until(() -> !client.connection().isOpen());
		try (FakeClient next = FakeClient.join(this.daemon)) {
			this.daemon.peer();
			next.send(new byte[10]).get(FakeClient.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * The first thing this JVM does is to add to the semaphore of a ring that is gone.
	 */
	static final class YoungJvm {

		private YoungJvm() {
		}

		public static void main(String[] args) throws IOException {
			Path files = RingFiles.create(Path.of(args[0]), "young", 64);
			MappedRing ring = RingFiles.open(files);
			try (RandomAccessFile header = new RandomAccessFile(files + "-header", "rw")) {
				header.setLength(0);
			}
			try {
				ring.addToSemaphore(1);
				ring.unmap();
			}
			catch (InternalError ex) {
				System.out.println(ex);
			}
		}

	}

	private static void sendUntilItFails(FakeClient client) {
		byte[] message = new byte[500];
		while (true) {
			CompletableFuture<?> unused = client.connection().multicast(message);
			enterTheVm();
		}
	}

}
