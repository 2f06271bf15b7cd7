package dev.cpg.client.internal.ipc;

import java.io.IOException;
import java.util.Objects;

import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * The right to send a frame, and room for it in the transport, until it is closed. A
 * {@link SendGate} has a single one, as one thread at a time may hold it, so nothing is
 * allocated for a frame.
 */
public final class SendSlot implements AutoCloseable {

	private final IpcTransport transport;

	private final ConnectionEnd end;

	private final EndableLock lock;

	private String what = "";

	private @Nullable FrameWriter frame;

	SendSlot(IpcTransport transport, ConnectionEnd end, EndableLock lock) {
		this.transport = transport;
		this.end = end;
		this.lock = lock;
	}

	/** With the lock held. */
	SendSlot of(String what, FrameWriter frame) {
		this.what = what;
		this.frame = frame;
		return this;
	}

	/** Returns where to write the frame. */
	public FrameWriter frame() {
		return Objects.requireNonNull(this.frame);
	}

	/** Sends what was written. It is still to be announced. */
	public void commit() {
		try {
			this.transport.commit();
		}
		catch (IOException | InternalError ex) {
			throw this.end.lost(this.what, ex);
		}
	}

	/** Gives the right up, whether something was committed or not. */
	@Override
	public void close() {
		try {
			this.end.reportFaults(this.what);
		}
		finally {
			this.lock.unlock();
		}
	}

}
