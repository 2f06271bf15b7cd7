package dev.cpg.client.corosync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import dev.cpg.client.internal.ipc.transport.FlowControl;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a daemon, for one thread: it answers requests, whatever they are,
 * with what it was given.
 */
public final class FakeTransport implements IpcTransport {

	private boolean unannounced;

	private final Queue<TestFrame> answers = new ArrayDeque<>();

	private FlowControl flowControl = FlowControl.OPEN;

	private @Nullable Error failure;

	private int closes;

	private final List<TestFrame> commits = new ArrayList<>();

	private TestFrame claimed = new TestFrame(0);

	private boolean full;

	private @Nullable TestFrame reused;

	private int count;

	/** Adds an answer. */
	public FakeTransport answer(TestFrame answer) {
		this.answers.add(answer);
		return this;
	}

	public void flowControl(FlowControl flowControl) {
		this.flowControl = flowControl;
	}

	/** Throws an error instead of the next announcement. */
	public void failAnnouncing(Error failure) {
		this.failure = failure;
	}

	/** Returns how many requests were sent. */
	public int commits() {
		return this.count;
	}

	/** Returns what was sent. */
	public List<TestFrame> sent() {
		return this.commits;
	}

	/** From now on all requests are written into a frame, so that none is allocated. */
	public void reuse(TestFrame frame) {
		this.reused = frame;
	}

	/** Sets whether there is no room for another request. */
	public void full(boolean full) {
		this.full = full;
	}

	/** Returns how often it was closed. */
	public int closes() {
		return this.closes;
	}

	@Override
	public int maxFrameSize() {
		return FakePeer.GRANTED;
	}

	@Override
	public FlowControl flowControl() {
		return this.flowControl;
	}

	@Override
	public @Nullable FrameWriter claim(int length) {
		this.claimed = (this.reused != null) ? this.reused : new TestFrame(length);
		return this.full ? null : this.claimed;
	}

	/** From now on something is left that the daemon does not take. */
	public void leaveUnannounced() {
		this.unannounced = true;
	}

	@Override
	public void commit() {
		this.count++;
		if (this.reused == null) {
			this.commits.add(this.claimed);
		}
	}

	@Override
	public boolean announce() {
		Error thrown = this.failure;
		this.failure = null;
		if (thrown != null) {
			throw thrown;
		}
		return !this.unannounced;
	}

	@Override
	public boolean announcesForCallers() {
		return true;
	}

	@Override
	public boolean hasUnannounced() {
		return this.unannounced;
	}

	@Override
	public boolean pollResponse(FrameReader.Handler handler) {
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
	public boolean take(FrameReader.Handler handler) {
		return false;
	}

	@Override
	public boolean waitsUninterruptibly() {
		return false;
	}

	@Override
	public boolean isDaemonThere() {
		return true;
	}

	@Override
	public void shutdown() {
	}

	@Override
	public void close(Deadline deadline) {
		this.closes++;
	}

}
