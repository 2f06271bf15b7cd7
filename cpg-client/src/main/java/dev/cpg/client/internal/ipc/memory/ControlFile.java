package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.cpg.client.internal.ipc.daemon.DaemonFile;

/**
 * The file that libqb's socket transport shares besides its sockets, mapped. It holds the
 * number of messages under way for requests, responses and events, and the daemon's flow
 * control.
 *
 * <pre>
 *           +-------+--------------+
 * request   | sent  | flow control |   0
 * response  | sent  |              |   8
 * event     | sent  |              |  16
 *           +-------+--------------+  24
 * </pre>
 *
 * The sender of a message adds 1 after it, the receiver takes it off; so for a moment a
 * number may be below 0. The daemon takes as many requests at once as it reads here.
 */
public final class ControlFile {

	private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

	private static final int REQUEST = 0;

	private static final int FLOW_CONTROL = 4;

	private static final int RESPONSE = 8;

	private static final int EVENT = 16;

	private static final int LENGTH = 24;

	private final Mapping mapping;

	private final ByteBuffer buffer;

	private ControlFile(Mapping mapping) {
		this.mapping = mapping;
		this.buffer = mapping.buffer();
	}

	/**
	 * Maps the file.
	 * @throws IOException if it cannot be opened, or has another length
	 */
	public static ControlFile open(DaemonFile file) throws IOException {
		Mapping mapping = Mapping.of(file);
		int length = mapping.buffer().capacity();
		if (length != LENGTH) {
			Mapping.unmap(mapping);
			throw new IOException("%s has %d bytes instead of %d".formatted(file, length, LENGTH));
		}
		return new ControlFile(mapping);
	}

	/** Returns the daemon's flow control as its number. */
	public int flowControl() {
		return (int) INT.getVolatile(this.buffer, FLOW_CONTROL);
	}

	/** Counts a request that was sent. */
	public void requestSent() {
		MappedRing.add(this.buffer, REQUEST, 1);
	}

	/** Counts a response that was taken. */
	public void responseTaken() {
		MappedRing.add(this.buffer, RESPONSE, -1);
	}

	/** Counts an event that was taken. */
	public void eventTaken() {
		MappedRing.add(this.buffer, EVENT, -1);
	}

	/** To be called once, when no thread uses it or will. */
	public void unmap() {
		Mapping.unmap(this.mapping);
	}

}
