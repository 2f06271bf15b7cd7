package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.util.List;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.daemon.SharedMemoryFiles;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.ipc.memory.ReceiveRing;
import dev.cpg.client.internal.ipc.memory.RequestRing;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.ThreadUtil;

/**
 * libqb's shared-memory transport: three rings, and the set-up socket as doorbell in both
 * directions. The daemon rings once for each event; responses ring no bell.
 */
public final class ShmTransport implements IpcTransport {

	private static final int MAX_HEARD = 1 << 20;

	private static final int PROBE_MILLIS = 1;

	private final int maxFrameSize;

	private final BellSocket socket;

	private final MappedRing[] rings;

	private final MappedRing requestMapping;

	private final RequestRing requests;

	private final ReceiveRing responses;

	private final ReceiveRing events;

	private final Doorbell doorbell;

	private final SharedMemoryFiles files;

	/** How many bells were heard whose events were not taken yet. */
	private int heard;

	/**
	 * Takes over the socket and the rings.
	 * @param rings the rings for requests, responses and events
	 * @param files the rings' files
	 */
	public ShmTransport(AFUNIXSocket socket, MappedRing[] rings, SharedMemoryFiles files, int maxFrameSize)
			throws IOException {
		this.files = files;
		this.socket = new BellSocket(socket);
		this.rings = rings;
		this.requestMapping = rings[0];
		this.requests = new RequestRing(rings[0]);
		this.responses = new ReceiveRing(rings[1]);
		this.events = new ReceiveRing(rings[2]);
		this.doorbell = new Doorbell(rings[0], this.socket, this::shutdown);
		this.maxFrameSize = Math.min(maxFrameSize, this.requests.capacity());
	}

	@Override
	public int maxFrameSize() {
		return this.maxFrameSize;
	}

	@Override
	public FlowControl flowControl() {
		return FlowControl.of(this.requestMapping.userWord());
	}

	@Override
	public @Nullable FrameWriter claim(int length) throws IOException {
		return this.requests.claim(length) ? this.requests : null;
	}

	@Override
	public void commit() {
		this.requests.commit();
		this.doorbell.add();
	}

	@Override
	public boolean announce() throws IOException {
		return this.doorbell.ring();
	}

	/** On a virtual thread, junixsocket would make the whole socket non-blocking. */
	@Override
	public boolean announcesForCallers() {
		return !ThreadUtil.isVirtualThread();
	}

	@Override
	public boolean hasUnannounced() {
		return this.doorbell.isWaiting();
	}

	@Override
	public boolean pollResponse(FrameReader.Handler handler) throws IOException {
		if (!this.responses.isReady()) {
			return false;
		}
		this.responses.take(handler);
		return true;
	}

	@Override
	public int await(int timeoutMillis) throws IOException {
		if (this.heard == 0) {
			int count = this.socket.hear(timeoutMillis);
			if (count < 0) {
				return count;
			}
			this.heard = count;
		}
		return this.heard;
	}

	@Override
	public boolean take(FrameReader.Handler handler) throws IOException {
		if (this.heard == 0) {
			return false;
		}
		this.heard--;
		this.events.take(handler);
		// Before the listener is called.
		MappingFaults.report();
		return true;
	}

	/** An interrupt neither reaches a thread that reads a stream nor closes that. */
	@Override
	public boolean waitsUninterruptibly() {
		return true;
	}

	@Override
	public boolean isDaemonThere() throws IOException {
		// The bells of events that nobody takes now are counted for later.
		int count = (this.heard < MAX_HEARD) ? this.socket.hear(PROBE_MILLIS) : 0;
		this.heard += Math.max(0, count);
		return count >= 0;
	}

	@Override
	public void shutdown() {
		this.socket.shutdown();
	}

	@Override
	public void close(Deadline deadline) {
		if (!this.doorbell.close(deadline)) {
			shutdown();
			return;
		}
		this.socket.close();
		MappedRing.unmapAll(List.of(this.rings));
		this.files.removeIfDaemonDied(this.socket.isEndedByPeer());
	}

}
