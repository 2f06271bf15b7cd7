package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgException;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of a link when the JVM runs out of memory or stack in the middle of
 * something, which cannot be made to happen at a given instant with a real daemon: the
 * transport is a fake that answers at once.
 */
class LinkTests {

	private static final int RESPONSE = 7;

	private static final int CONTENT = 24;

	private final FakeTransport transport = new FakeTransport();

	private final Link link = new Link(this.transport);

	@Test
	void aRequestThatIsCutShortLeavesNoResponseToTheNextOne() {
		this.transport.responses.add(1);
		this.transport.failure = new OutOfMemoryError("thrown by the test");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this::ask);
		this.transport.responses.add(2);
		assertThatExceptionOfType(CpgException.class).isThrownBy(this::ask)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE));
		assertThat(this.link.isEnded()).isTrue();
	}

	@Test
	void aResponseThatCannotBeReadForLackOfStackIsNotLeftToTheNextRequest() {
		this.transport.responses.add(1);
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> ask(new StackOverflowError()));
		assertThat(this.link.isEnded()).isTrue();
	}

	@Test
	void requestsThatAreAnsweredOrNotSentEndNothing() {
		this.transport.responses.add(3);
		assertThat(ask()).isEqualTo(3);
		this.transport.flowControl = CpgFlowControl.CLOSED;
		assertThatExceptionOfType(CpgException.class).isThrownBy(this::ask)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TIMEOUT));
		this.transport.flowControl = CpgFlowControl.OPEN;
		this.transport.responses.add(4);
		assertThat(ask()).isEqualTo(4);
	}

	@Test
	void aLinkThatCouldNotBeEndedIsAtAnEndOnceItsTransportIsGivenBack() {
		this.link.release();
		assertThat(this.transport.released).hasValue(1);
		assertThatExceptionOfType(CpgException.class).isThrownBy(this::ask)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE));
		assertThat(this.link.sends().flowControl()).isEqualTo(CpgFlowControl.CLOSED);
	}

	private int ask() {
		return ask(null);
	}

	private int ask(@Nullable Error error) {
		return this.link.requests().ask(new Request<>("test", CONTENT, (frame) -> {
		}, RESPONSE, (frame) -> {
			if (error != null) {
				throw error;
			}
			return frame.getInt(CONTENT);
		}), Deadline.in(Duration.ofMillis(200)));
	}

	/** Answers from a queue of numbers. */
	private static final class FakeTransport implements IpcTransport {

		private final Queue<Integer> responses = new ArrayDeque<>();

		private final AtomicInteger released = new AtomicInteger();

		private CpgFlowControl flowControl = CpgFlowControl.OPEN;

		private @Nullable Error failure;

		@Override
		public int maxFrameSize() {
			return FakePeer.GRANTED;
		}

		@Override
		public CpgFlowControl flowControl() {
			return this.flowControl;
		}

		@Override
		public FrameWriter claim(int length) {
			return new TestFrame(length);
		}

		@Override
		public void commit() {
		}

		@Override
		public boolean announce() {
			if (this.failure != null) {
				Error thrown = this.failure;
				this.failure = null;
				throw thrown;
			}
			return true;
		}

		@Override
		public boolean announcesForCallers() {
			return true;
		}

		@Override
		public boolean hasUnannounced() {
			return false;
		}

		@Override
		public boolean pollResponse(Frame.Handler handler) {
			Integer response = this.responses.poll();
			if (response != null) {
				handler.handle(Frames.response(RESPONSE, CsError.OK, CONTENT + Integer.BYTES).with(CONTENT, response));
			}
			return response != null;
		}

		@Override
		public int await(int timeoutMillis) {
			return -1;
		}

		@Override
		public boolean take(Frame.Handler handler) {
			return false;
		}

		@Override
		public boolean waitsUninterruptibly() {
			return false;
		}

		@Override
		public boolean probe() {
			return true;
		}

		@Override
		public void shutdown() {
		}

		@Override
		public void release(Deadline deadline) {
			this.released.incrementAndGet();
		}

	}

}
