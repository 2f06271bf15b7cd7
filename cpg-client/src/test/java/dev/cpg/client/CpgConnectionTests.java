package dev.cpg.client;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What an engine has without implementing it.
 */
class CpgConnectionTests {

	private static final CpgAddress LOCAL = new CpgAddress(7, 11);

	private static final CpgGroupName ORDERS = CpgGroupName.of("orders");

	private final ArrayEngine connection = new ArrayEngine();

	@Test
	void anEngineWithoutInterceptorsSaysSo() {
		CpgConnector connector = (listener) -> this.connection;
		Stream.<ThrowingCallable>of(() -> connector.connect(new CpgListener() {
		}, new CpgInterceptor() {
		}), () -> this.connection.post(() -> {
		}))
			.forEach((call) -> assertThatExceptionOfType(CorosyncException.class).isThrownBy(call)
				.extracting(CorosyncException::error)
				.isEqualTo(CsError.NOT_SUPPORTED));
		assertThat(this.connection.isCurrent(0)).isFalse();
	}

	@Test
	void aMessageHasTheSendTimeoutOfTheConnector() {
		this.connection.multicast(new byte[] { 1 });
		assertThat(this.connection.sent).containsExactly(1);
		assertThat(this.connection.timeout).isEqualTo(ArrayEngine.LIMITS.sendTimeout());
		this.connection.tryMulticast(new byte[] { 2 });
		assertThat(this.connection.sent).containsExactly(2);
		assertThat(this.connection.timeout).isEqualTo(ArrayEngine.LIMITS.sendTimeout());
	}

	@Test
	void aMessageIsGatheredFromPartsWhosePositionsStay() {
		ByteBuffer part = ByteBuffer.wrap(new byte[] { 0, 1, 2, 9 }, 1, 2).slice();
		ByteBuffer direct = ByteBuffer.allocateDirect(2).put((byte) 3).put((byte) 4).flip();
		this.connection.multicast(part, direct.asReadOnlyBuffer());
		assertThat(this.connection.sent).containsExactly(1, 2, 3, 4);
		assertThat(part.position()).isZero();
		assertThat(direct.position()).isZero();
	}

	@Test
	void aWriterWritesNumbersMostSignificantByteFirst() {
		this.connection.multicast(16, (target) -> {
			target.put((byte) 1);
			target.putInt(0x0203_0405);
			target.putLong(0x0607_0809_0A0B_0C0DL);
			target.put(new byte[] { 0, 14, 15, 16 }, 1, 3);
		});
		assertThat(this.connection.sent).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
	}

	@Test
	void aWriterWritesJustWhatItPromised() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.connection.multicast(2, (target) -> target.put((byte) 1)))
			.withMessageContaining("promised 2 bytes and wrote 1");
		assertThatExceptionOfType(BufferOverflowException.class)
			.isThrownBy(() -> this.connection.multicast(2, (target) -> target.putInt(1)));
		assertThat(this.connection.sent).isNull();
	}

	@Test
	void anotherThreadThanTheSendersMayNotWrite() {
		this.connection.multicast(1, (target) -> {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> inAnotherThread(target));
			target.put((byte) 1);
		});
		assertThat(this.connection.sent).containsExactly(1);
	}

	private static void inAnotherThread(CpgMessageWriter.Target target) throws Throwable {
		try {
			CompletableFuture.runAsync(() -> target.put((byte) 2)).join();
		}
		catch (RuntimeException ex) {
			throw ex.getCause();
		}
	}

	@Test
	void aMessageThatIsTooLargeIsRefusedBeforeThereIsRoomForIt() {
		for (int length : new int[] { -1, 17, Integer.MAX_VALUE }) {
			assertThatExceptionOfType(CorosyncException.class)
				.isThrownBy(() -> this.connection.multicast(length, (target) -> assertThat(target).isNull()))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TOO_BIG))
				.satisfies((ex) -> assertThat(ex.setting()).isEqualTo(CorosyncSetting.MAX_MESSAGE_SIZE));
		}
	}

	@Test
	void theMembersOfAGroupAreThoseAmongAllGroups() {
		assertThat(this.connection.membership(ORDERS)).containsExactly(LOCAL);
		assertThat(this.connection.membership(CpgGroupName.of("invoices"))).isEmpty();
		assertThat(this.connection.localNodeId()).isEqualTo(LOCAL.nodeId());
		assertThat(this.connection.statistics()).isEqualTo(CpgDeliveryStatistics.NONE);
		assertThat(this.connection.batchStatistics()).isEqualTo(CpgBatchStatistics.NONE);
	}

	/** Takes messages as arrays, and implements nothing that it need not. */
	private static final class ArrayEngine implements CpgConnection {

		static final CpgLimits LIMITS = new CpgLimits(16, 16, Duration.ofSeconds(3));

		private byte @Nullable [] sent;

		private @Nullable Duration timeout;

		@Override
		public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
			this.sent = message;
			this.timeout = timeout;
			return CompletableFuture.completedFuture(CpgView.NONE);
		}

		@Override
		public CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
			return multicast(message, timeout);
		}

		@Override
		public void join(CpgGroupName group, Duration timeout) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void leave(Duration timeout) {
			throw new UnsupportedOperationException();
		}

		@Override
		public CpgFlowControl flowControl() {
			return CpgFlowControl.OPEN;
		}

		@Override
		public Map<CpgGroupName, List<CpgAddress>> groups() {
			return Map.of(ORDERS, List.of(LOCAL));
		}

		@Override
		public CpgView view() {
			return CpgView.NONE;
		}

		@Override
		public CpgAddress localAddress() {
			return LOCAL;
		}

		@Override
		public CpgLimits limits() {
			return LIMITS;
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public @Nullable CorosyncException failure() {
			return null;
		}

		@Override
		public void close() {
		}

	}

}
