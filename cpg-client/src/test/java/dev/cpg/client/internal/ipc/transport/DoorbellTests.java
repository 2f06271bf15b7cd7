package dev.cpg.client.internal.ipc.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.memory.RingFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The rule that keeps a stopped client from stopping the daemon. What it is good for is
 * shown on a real daemon; here it is looked at step by step, which no daemon lets one do.
 */
class DoorbellTests {

	@TempDir
	private Path directory;

	private final AtomicInteger hungUp = new AtomicInteger();

	private MappedRing ring;

	@BeforeEach
	void open() throws IOException {
		this.ring = RingFiles.open(RingFiles.create(this.directory, "ring", 64));
	}

	@AfterEach
	void close() {
		this.ring.unmap();
	}

	@Test
	void aChunkIsCountedBeforeItsByteIsSent() throws IOException {
		int[] countedAtWrite = new int[1];
		Doorbell doorbell = new Doorbell(this.ring, new OutputStream() {
			@Override
			public void write(int b) {
				countedAtWrite[0] = DoorbellTests.this.ring.semaphore();
			}
		}, this.hungUp::incrementAndGet);
		doorbell.add();
		assertThat(doorbell.ring()).isTrue();
		assertThat(countedAtWrite[0]).isOne();
	}

	@Test
	void nothingIsCountedWhileTheDaemonHasNotTakenAll() throws IOException {
		ByteArrayOutputStream socket = new ByteArrayOutputStream();
		Doorbell doorbell = new Doorbell(this.ring, socket, this.hungUp::incrementAndGet);
		doorbell.add();
		doorbell.ring();
		doorbell.add();
		doorbell.add();
		assertThat(doorbell.ring()).isFalse();
		assertThat(this.ring.semaphore()).isOne();
		assertThat(socket.size()).isOne();
		assertThat(doorbell.isWaiting()).isTrue();
	}

	@Test
	void allThatWaitIsCountedAtOnceWhenTheDaemonHasTakenAll() throws IOException {
		ByteArrayOutputStream socket = new ByteArrayOutputStream();
		Doorbell doorbell = new Doorbell(this.ring, socket, this.hungUp::incrementAndGet);
		doorbell.add();
		doorbell.ring();
		doorbell.add();
		doorbell.add();
		doorbell.ring();
		this.ring.addToSemaphore(-1);
		assertThat(doorbell.ring()).isTrue();
		assertThat(this.ring.semaphore()).isEqualTo(2);
		assertThat(socket.size()).isEqualTo(3);
	}

	@Test
	void aThreadRingsForOthersOnlyForAWhile() throws IOException {
		Doorbell[] doorbell = new Doorbell[1];
		doorbell[0] = new Doorbell(this.ring, new OutputStream() {
			@Override
			public void write(int b) {
				// The daemon takes it at once, and another thread sends.
				DoorbellTests.this.ring.addToSemaphore(-1);
				doorbell[0].add();
			}
		}, this.hungUp::incrementAndGet);
		doorbell[0].add();
		assertThat(doorbell[0].ring()).as("nothing is left").isFalse();
		assertThat(doorbell[0].isWaiting()).isTrue();
	}

	@Test
	void everyCountedChunkGetsItsByteThoughAnInterruptCutsTheWriteShort() throws IOException {
		ByteArrayOutputStream sent = new ByteArrayOutputStream();
		Doorbell doorbell = new Doorbell(this.ring, new OutputStream() {
			@Override
			public void write(int b) {
				throw new UnsupportedOperationException();
			}

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				sent.write(bytes, offset, 1);
				if (Thread.currentThread().isInterrupted()) {
					InterruptedIOException ex = new InterruptedIOException();
					ex.bytesTransferred = 1;
					throw ex;
				}
				sent.write(bytes, offset + 1, length - 1);
			}
		}, this.hungUp::incrementAndGet);
		doorbell.add();
		doorbell.add();
		doorbell.add();
		Thread.currentThread().interrupt();
		doorbell.ring();
		assertThat(Thread.interrupted()).as("the interrupt is kept for the caller").isTrue();
		assertThat(sent.size()).isEqualTo(3);
		assertThat(this.ring.semaphore()).isEqualTo(3);
	}

	@Test
	void aDaemonWhoseBytesCannotBeSentIsDisconnectedSoThatItDoesNotWaitForThem() {
		Doorbell doorbell = new Doorbell(this.ring, new OutputStream() {
			@Override
			public void write(int b) {
				throw new StackOverflowError("thrown by the test");
			}
		}, this.hungUp::incrementAndGet);
		doorbell.add();
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(doorbell::ring);
		assertThat(this.hungUp).hasValue(1);
	}

	@Test
	void closingDoesNotWaitForEverForAThreadThatNeverLeaves() throws Exception {
		CountDownLatch rings = new CountDownLatch(1);
		CountDownLatch leaves = new CountDownLatch(1);
		Doorbell doorbell = new Doorbell(this.ring, new OutputStream() {
			@Override
			public void write(int b) throws IOException {
				rings.countDown();
				assertThat(Deadline.in(Duration.ofSeconds(20)).await(leaves)).isTrue();
			}
		}, this.hungUp::incrementAndGet);
		doorbell.add();
		FutureTask<Boolean> ringing = new FutureTask<>(doorbell::ring);
		FakeDaemon.start("fake-ringer", ringing);
		assertThat(rings.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(doorbell.close(Deadline.in(Duration.ofMillis(20)))).isFalse();
		leaves.countDown();
		assertThat(ringing.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(doorbell.close(Deadline.in(Duration.ZERO))).isTrue();
	}

	@Test
	void aClosedDoorbellTouchesNothing() throws IOException {
		ByteArrayOutputStream socket = new ByteArrayOutputStream();
		Doorbell doorbell = new Doorbell(this.ring, socket, this.hungUp::incrementAndGet);
		doorbell.add();
		assertThat(doorbell.close(Deadline.in(Duration.ZERO))).isTrue();
		assertThat(doorbell.ring()).isTrue();
		assertThat(this.ring.semaphore()).isZero();
		assertThat(socket.size()).isZero();
	}

}
