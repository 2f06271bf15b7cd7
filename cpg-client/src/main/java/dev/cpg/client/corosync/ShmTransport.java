package dev.cpg.client.corosync;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

import dev.cpg.client.CpgFlowControl;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * libqb's shared-memory transport: three rings, and the set-up socket as doorbell in both
 * directions. The daemon rings once for each event; responses ring no bell.
 */
final class ShmTransport implements IpcTransport {

	private static final int MAX_BELLS = 4096;

	private final int maxFrameSize;

	private final AFUNIXSocket socket;

	private final InputStream bells;

	private final byte[] bellBuffer = new byte[MAX_BELLS];

	private final MappedRing[] rings;

	private final MappedRing requestMapping;

	private final RequestRing requests;

	private final ReceiveRing responses;

	private final ReceiveRing events;

	private final Doorbell doorbell;

	private int timeoutMillis;

	/**
	 * Takes over the socket and the rings.
	 * @param rings the rings for requests, responses and events
	 */
	ShmTransport(AFUNIXSocket socket, MappedRing[] rings, int maxFrameSize) throws IOException {
		this.socket = socket;
		this.bells = socket.getInputStream();
		this.rings = rings;
		this.requestMapping = rings[0];
		this.requests = new RequestRing(rings[0]);
		this.responses = new ReceiveRing(rings[1]);
		this.events = new ReceiveRing(rings[2]);
		this.doorbell = new Doorbell(rings[0], socket.getOutputStream());
		this.maxFrameSize = Math.min(maxFrameSize, this.requests.capacity());
	}

	@Override
	public int maxFrameSize() {
		return this.maxFrameSize;
	}

	@Override
	public CpgFlowControl flowControl() {
		return switch (this.requestMapping.userWord()) {
			case 0 -> CpgFlowControl.OPEN;
			case 2 -> CpgFlowControl.NO_MULTICAST;
			default -> CpgFlowControl.CLOSED;
		};
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

	@Override
	public boolean hasUnannounced() {
		return this.doorbell.isWaiting();
	}

	@Override
	public boolean pollResponse(Frame.Handler handler) throws IOException {
		if (!this.responses.isReady()) {
			return false;
		}
		this.responses.take(handler);
		return true;
	}

	@Override
	public int receive(Frame.Handler handler, int timeoutMillis) throws IOException {
		if (timeoutMillis != this.timeoutMillis) {
			this.socket.setSoTimeout(timeoutMillis);
			this.timeoutMillis = timeoutMillis;
		}
		int count;
		try {
			count = this.bells.read(this.bellBuffer);
		}
		catch (SocketTimeoutException ex) {
			return 0;
		}
		for (int i = 0; i < count; i++) {
			this.events.take(handler);
		}
		return count;
	}

	@Override
	public void shutdown() {
		IpcSetup.closeQuietly(this.socket);
	}

	@Override
	public void release() {
		shutdown();
		this.doorbell.close();
		for (MappedRing ring : this.rings) {
			ring.unmap();
		}
	}

}
