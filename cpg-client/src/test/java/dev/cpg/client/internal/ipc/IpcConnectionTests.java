package dev.cpg.client.internal.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.corosync.FakeTransport;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.ipc.transport.FlowControl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.newsclub.net.unix.BrokenPipeSocketException;
import org.newsclub.net.unix.ConnectionResetSocketException;
import org.newsclub.net.unix.NotConnectedSocketException;
import org.newsclub.net.unix.SocketClosedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What becomes of a connection when the JVM runs out of memory or stack in the middle of
 * something, which cannot be made to happen at a given instant with a real daemon: the
 * transport is a fake that answers at once.
 */
class IpcConnectionTests {

	private static final int RESPONSE = 7;

	private static final int CONTENT = 24;

	private final FakeTransport transport = new FakeTransport();

	private final IpcConnection connection = IpcConnection.forRequests(this.transport);

	@Test
	void aRequestThatIsCutShortLeavesNoResponseToTheNextOne() {
		answer(1);
		this.transport.failAnnouncing(new OutOfMemoryError("thrown by the test"));
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this::ask);
		answer(2);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(this::ask)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE));
		assertThat(this.connection.isEnded()).isTrue();
	}

	@Test
	void afterTheEndNothingIsLeftToAnnounce() {
		this.transport.leaveUnannounced();
		assertThat(this.connection.tryAnnounce()).isFalse();
		assertThat(this.connection.hasUnannounced()).isTrue();
		this.connection.end(null);
		assertThat(this.connection.tryAnnounce()).isTrue();
		assertThat(this.connection.hasUnannounced()).isFalse();
	}

	@Test
	void aResponseThatCannotBeReadForLackOfStackIsNotLeftToTheNextRequest() {
		answer(1);
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> ask(new StackOverflowError()));
		assertThat(this.connection.isEnded()).isTrue();
	}

	@Test
	void requestsThatAreAnsweredOrNotSentEndNothing() {
		answer(3);
		assertThat(ask()).isEqualTo(3);
		this.transport.flowControl(FlowControl.CLOSED);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(this::ask)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TIMEOUT));
		this.transport.flowControl(FlowControl.OPEN);
		answer(4);
		assertThat(ask()).isEqualTo(4);
	}

	@Test
	void aConnectionHasEndedOnceItsTransportIsClosed() {
		this.connection.close(null);
		assertThat(this.transport.closes()).isOne();
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(this::ask)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE));
		assertThat(this.connection.sends().flowControl()).isEqualTo(FlowControl.CLOSED);
	}

	static Stream<Arguments> losses() {
		String end = "the daemon stopped, or died";
		return Stream.of(arguments(new SocketClosedException("Not open"), end),
				arguments(new ClosedChannelException(), end), arguments(new AsynchronousCloseException(), end),
				arguments(new EOFException(), end), arguments(new BrokenPipeSocketException("Broken pipe"), end),
				arguments(new NotConnectedSocketException("Transport endpoint is not connected"), end),
				arguments(new ConnectionResetSocketException("Connection reset by peer"), end),
				arguments(new ClosedByInterruptException(), "interrupted"),
				arguments(new InternalError("a fault occurred in a recent unsafe memory access operation"),
						"its shared memory was cut short"),
				arguments(new IOException("it takes no bells"), "it takes no bells"),
				arguments(new IOException(), "java.io.IOException"),
				arguments(new NullPointerException(), "java.lang.NullPointerException"));
	}

	@ParameterizedTest
	@MethodSource("losses")
	void everyLossHasAReasonThatMeansSomething(Throwable loss, String reason) {
		assertThat(ConnectionLoss.of("reading events", loss)).hasMessageContaining("lost in reading events: ")
			.hasMessageContaining(reason)
			.hasMessageNotContainingAny("Not open", "null")
			.hasCause(loss);
	}

	private void answer(int number) {
		this.transport.answer(Frames.response(RESPONSE, CsError.OK, CONTENT + Integer.BYTES).with(CONTENT, number));
	}

	private int ask() {
		return ask(null);
	}

	private int ask(@Nullable Error error) {
		return this.connection.requests().ask(new Request<>("test", CONTENT, (frame) -> {
		}, RESPONSE, (frame) -> {
			if (error != null) {
				throw error;
			}
			return frame.getInt(CONTENT);
		}), Deadline.in(Duration.ofMillis(200)));
	}

}
