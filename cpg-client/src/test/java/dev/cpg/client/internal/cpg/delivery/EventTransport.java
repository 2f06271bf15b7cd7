package dev.cpg.client.internal.cpg.delivery;

import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import dev.cpg.client.internal.ipc.transport.FlowControl;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a daemon that brings events, and answers each request with success.
 */
final class EventTransport implements IpcTransport {

	private static final int MAX_FRAME = 1 << 20;

	private static final TestFrame END = new TestFrame(0);

	private final BlockingQueue<TestFrame> events = new LinkedBlockingQueue<>();

	/** What {@link #await} found; the reader's alone. */
	private @Nullable TestFrame next;

	private final Queue<TestFrame> requests = new ConcurrentLinkedQueue<>();

	private int unanswered;

	void event(TestFrame event) {
		this.events.add(event);
	}

	/** Returns the ids of the requests. */
	int[] requestIds() {
		return this.requests.stream().mapToInt((request) -> request.getInt(Frames.ID)).toArray();
	}

	@Override
	public int await(int timeoutMillis) {
		try {
			this.next = (timeoutMillis == 0) ? this.events.take()
					: this.events.poll(timeoutMillis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		if (this.next == END) {
			shutdown();
			return -1;
		}
		return (this.next != null) ? 1 : 0;
	}

	@Override
	public boolean take(FrameReader.Handler handler) {
		TestFrame event = this.next;
		this.next = null;
		if (event != null) {
			handler.handle(event);
		}
		return event != null;
	}

	@Override
	public boolean waitsUninterruptibly() {
		return true;
	}

	@Override
	public boolean isDaemonThere() {
		return true;
	}

	@Override
	public void shutdown() {
		this.events.add(END);
	}

	@Override
	public int maxFrameSize() {
		return MAX_FRAME;
	}

	@Override
	public FlowControl flowControl() {
		return FlowControl.OPEN;
	}

	@Override
	public FrameWriter claim(int length) {
		TestFrame request = new TestFrame(length);
		this.requests.add(request);
		this.unanswered++;
		return request;
	}

	@Override
	public boolean pollResponse(FrameReader.Handler handler) {
		if (this.unanswered == 0) {
			return false;
		}
		this.unanswered--;
		handler.handle(Frames.response(1, CsError.OK, 24));
		return true;
	}

	@Override
	public void commit() {
	}

	@Override
	public boolean announce() {
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
	public void close(Deadline deadline) {
	}

}
