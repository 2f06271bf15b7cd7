package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.corosync.FakeDaemon;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The time limit of a write, which a reader must neither lose nor suffer from.
 */
@Timeout(30)
class BellSocketTests {

	private static final byte[] BELLS = new byte[BellSocket.MAX_WRITE];

	private final AtomicInteger wakes = new AtomicInteger();

	private AFUNIXSocket ours;

	private AFUNIXSocket theirs;

	private BellSocket socket;

	@BeforeEach
	void connect(@TempDir Path directory) throws IOException {
		AFUNIXSocketAddress address = AFUNIXSocketAddress.of(directory.resolve("bells"));
		try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(address)) {
			this.ours = Platform.newSocket();
			this.ours.connect(address);
			this.theirs = server.accept();
		}
		this.socket = new BellSocket(this.ours);
	}

	@AfterEach
	void close() throws IOException {
		this.socket.shutdown();
		this.socket.close();
		this.theirs.close();
	}

	@Test
	void aWriteIsGivenUpOnceTheOtherSideTakesNoMore() {
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::writeForEver)
			.withMessageContaining("not the bells");
	}

	@Test
	void theFirstFailureIsTheReasonOfAllThatFollow() throws IOException {
		this.theirs.close();
		IOException first = catchThrowableOfType(IOException.class, () -> this.socket.write(BELLS, 0, 1));
		assertThat(first).isNotNull();
		this.socket.shutdown();
		this.socket.close();
		assertThatIOException().isThrownBy(() -> this.socket.write(BELLS, 0, 1)).isSameAs(first);
		assertThatIOException().isThrownBy(() -> this.socket.hear(100)).isSameAs(first);
	}

	@Test
	void aWriteIsGivenUpThoughAThreadReadsMeanwhile() throws Exception {
		FutureTask<Integer> reading = read();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::writeForEver)
			.withMessageContaining("not the bells");
		this.socket.shutdown();
		assertThat(reading).as("cause of the end")
			.failsWithin(10, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.withMessageContaining("not the bells");
		assertThat(this.socket.isEndedByPeer()).isFalse();
	}

	@Test
	void aWriteIsGivenUpThoughTheReaderHasTakenTheLimitOff() throws Exception {
		this.socket.write(BELLS, 0, 1);
		assertThat(this.socket.hear(0)).as("after the limit").isZero();
		FutureTask<Integer> reading = read();
		Awaitility.await().atMost(10, TimeUnit.SECONDS).until(this.ours::getSoTimeout, (millis) -> millis == 0);
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::writeForEver)
			.withMessageContaining("not the bells");
		assertThat(reading).isNotDone();
	}

	@Test
	void aReaderWakesOnceAfterAWriteAndThenOnlyForABell() throws Exception {
		this.socket.write(BELLS, 0, 1);
		FutureTask<Integer> reading = read();
		Awaitility.await()
			.during(2, TimeUnit.SECONDS)
			.atMost(10, TimeUnit.SECONDS)
			.until(this.wakes::get, (count) -> count == 1);
		this.theirs.getOutputStream().write(BELLS, 0, 3);
		assertThat(reading.get(10, TimeUnit.SECONDS)).isEqualTo(3);
		assertThat(this.wakes).hasValue(1);
	}

	@Test
	void aReadWithALimitOfItsOwnKeepsToIt() throws IOException {
		this.socket.write(BELLS, 0, 1);
		assertThat(this.socket.hear(40)).isZero();
		assertThat(this.ours.getSoTimeout()).isEqualTo(40);
	}

	@Test
	void aWriteHasItsOwnLimitWhateverTheReadersIs() throws Exception {
		assertThat(this.socket.hear(1)).isZero();
		FutureTask<Void> filling = new FutureTask<>(this::writeForEver, null);
		FakeDaemon.start("fake-writer", filling);
		// Each is far longer than the reader's limit, and the socket full by then.
		for (int i = 0; i < 5; i++) {
			assertThat(catchThrowable(() -> filling.get(BellSocket.WRITE_MILLIS / 25, TimeUnit.MILLISECONDS)))
				.as("still written to")
				.isInstanceOf(TimeoutException.class);
			assertThat(this.theirs.getInputStream().read(new byte[100 * BELLS.length])).isPositive();
		}
		assertThat(filling).failsWithin(10, TimeUnit.SECONDS);
	}

	@Test
	void aReaderAtTheEndFailsAsNoBellsWereTaken() {
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::writeForEver);
		this.socket.shutdown();
		assertThatIOException().isThrownBy(() -> this.socket.hear(0)).withMessageContaining("not the bells");
		this.socket.close();
		assertThatIOException().isThrownBy(() -> this.socket.hear(1)).withMessageContaining("not the bells");
	}

	@Test
	void aReaderThatComesLateFindsTheEnd() throws IOException {
		this.socket.shutdown();
		assertThat(this.ours.isClosed()).as("closed while threads may use it").isFalse();
		assertThat(this.socket.hear(0)).isEqualTo(-1);
		this.socket.close();
		assertThat(this.socket.hear(1)).isEqualTo(-1);
		assertThat(this.socket.isEndedByPeer()).isFalse();
	}

	@Test
	void theSmallestSocketTakesAWriteBesideOneThatWasNotRead() throws IOException {
		this.ours.setSendBufferSize(1);
		assertThat(this.ours.getSendBufferSize()).as("the least that the kernel gives").isEqualTo(4608);
		this.socket.write(BELLS, 0, BELLS.length);
		this.socket.write(BELLS, 0, BELLS.length);
		assertThatIOException().isThrownBy(() -> this.socket.write(BELLS, 0, BELLS.length))
			.withMessageContaining("not the bells");
		assertThat(this.theirs.getInputStream().read(new byte[10 * BELLS.length])).isEqualTo(2 * BELLS.length);
	}

	@Test
	void theEndOfTheOtherSideIsNoticed() throws IOException {
		this.theirs.close();
		assertThat(this.socket.hear(0)).isEqualTo(-1);
		assertThat(this.socket.isEndedByPeer()).isTrue();
	}

	/** Has a thread read until there is a bell, or the end, and count its wakes. */
	private FutureTask<Integer> read() {
		FutureTask<Integer> reading = new FutureTask<>(() -> {
			int count = this.socket.hear(0);
			while (count == 0) {
				this.wakes.incrementAndGet();
				count = this.socket.hear(0);
			}
			return count;
		});
		FakeDaemon.start("fake-reader", reading);
		return reading;
	}

	private void writeForEver() {
		try {
			while (true) {
				this.socket.write(BELLS, 0, BELLS.length);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
