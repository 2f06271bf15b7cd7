package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one service of the daemon, as frames: requests go out, responses and
 * events come in. The caller keeps to what each method says about threads. Only
 * {@link #announce()} and {@link #shutdown()} may be called by any thread at any time.
 */
public interface IpcTransport {

	/** Returns the largest frame that the daemon granted, in bytes. */
	int maxFrameSize();

	/** Returns what may be sent now. Senders only, one at a time. */
	FlowControl flowControl();

	/**
	 * Takes room for a request. Senders only, one at a time.
	 * @return where to write it, or {@code null} if there is no room now
	 */
	@Nullable FrameWriter claim(int length) throws IOException;

	/** Sends what was claimed and written, or queues it until it is announced. */
	void commit() throws IOException;

	/**
	 * Announces to the daemon what was committed, as far as the daemon can be shown it
	 * now; see {@link #announcesForCallers()}.
	 * @return whether nothing is left to be announced
	 */
	boolean announce() throws IOException;

	/**
	 * Returns whether the current thread may call {@link #announce()} though it is not
	 * the connection's own, and may be interrupted at any time or be a virtual one.
	 */
	boolean announcesForCallers();

	/** Returns whether something was committed that was not announced. */
	boolean hasUnannounced();

	/**
	 * Hands over the next response if it is there. One thread at a time.
	 * @return whether it was
	 */
	boolean pollResponse(FrameReader.Handler handler) throws IOException;

	/**
	 * Waits for events. One thread at a time, as for {@link #take} and
	 * {@link #isDaemonThere}.
	 * @param timeoutMillis how long to wait, 0 for as long as it takes
	 * @return a number above 0 if there are events to take, 0 if the time is over, -1 if
	 * the daemon is gone or {@link #shutdown()} was called
	 */
	int await(int timeoutMillis) throws IOException;

	/**
	 * Hands over the next event, if it is one of those that {@link #await} found. Its
	 * room is the daemon's again when this returns.
	 * @return whether there was one
	 */
	boolean take(FrameReader.Handler handler) throws IOException;

	/**
	 * Returns whether an interrupt of the thread that waits for events does no harm.
	 */
	boolean waitsUninterruptibly();

	/**
	 * Looks whether the daemon is still there, for a reader that has no time for events.
	 */
	boolean isDaemonThere() throws IOException;

	/** Makes {@link #await} return -1, now and ever after. */
	void shutdown();

	/**
	 * Gives everything back. No other method may be called any more or be under way, but
	 * for {@link #announce()}: if that does not end in time, what it uses is kept.
	 */
	void close(Deadline deadline);

}
