package dev.cpg.client.corosync;

import java.util.ArrayDeque;
import java.util.Queue;

import dev.cpg.client.CpgFlowControl;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a daemon, for one thread: it answers requests, whatever they are,
 * with what it was given.
 */
final class FakeTransport implements IpcTransport {

	private final Queue<TestFrame> answers = new ArrayDeque<>();

	private CpgFlowControl flowControl = CpgFlowControl.OPEN;

	private @Nullable Error failure;

	private int releases;

	/** Adds an answer. */
	FakeTransport answer(TestFrame answer) {
		this.answers.add(answer);
		return this;
	}

	void flowControl(CpgFlowControl flowControl) {
		this.flowControl = flowControl;
	}

	/** Throws an error instead of the next announcement. */
	void failAnnouncing(Error failure) {
		this.failure = failure;
	}

	/** Returns how often it was given back. */
	int releases() {
		return this.releases;
	}

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
		Error thrown = this.failure;
		this.failure = null;
		if (thrown != null) {
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
		TestFrame answer = this.answers.poll();
		if (answer != null) {
			handler.handle(answer);
		}
		return answer != null;
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
		this.releases++;
	}

}
