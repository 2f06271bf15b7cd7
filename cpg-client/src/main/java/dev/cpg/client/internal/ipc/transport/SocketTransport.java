package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.daemon.SharedMemoryFiles;
import dev.cpg.client.internal.ipc.memory.ControlFile;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/**
 * libqb's socket transport: a datagram socket for requests and responses and one for
 * events, one frame in each datagram. The set-up socket carries nothing any more; its end
 * is the end of the connection.
 * <p>
 * Waiting for events and for that end at once needs channels, which an interrupt closes.
 * So callers' threads never touch those: their requests go through an {@link Outbox}, and
 * they take responses with calls that know nothing of interrupts.
 */
public final class SocketTransport implements IpcTransport {

	/** Far above what any daemon grants. No lie makes a buffer larger. */
	private static final int MAX_FRAME_SIZE = 1 << 24;

	/** The largest response that any service sends has 9,248 bytes. */
	private static final int MAX_RESPONSE = 1 << 16;

	/** Then requests are announced, which the daemon may have room for again. */
	private static final int MAX_EVENTS = 256;

	private static final int MAX_NOISE = 4096;

	/** What reading a datagram returns if there is none. */
	private static final int NOTHING = 0;

	private static final Duration LINGER = Duration.ofSeconds(1);

	private final int maxFrameSize;

	private final AFUNIXSocketChannel stream;

	private final ByteBuffer noise = ByteBuffer.allocateDirect(MAX_NOISE);

	private final DataSocket requests;

	private final DataSocket events;

	private final ControlFile control;

	private final SharedMemoryFiles files;

	private final Selector selector;

	private final Outbox outbox;

	private final byte[] responseBytes;

	private final DatagramFrame response;

	private final DatagramFrame event;

	private volatile boolean shutDown;

	private volatile boolean endedByDaemon;

	/** The length of the event in the buffer that was not taken yet. */
	private int length = NOTHING;

	/** How many events were taken since the last wait. */
	private int taken;

	/** Whether the daemon has connected to the socket for responses. */
	private boolean responded;

	/** Whether it has connected to the one for events. */
	private volatile boolean notified;

	/**
	 * Takes over the set-up socket. If this fails, the caller still owns the rest.
	 * @param requests for requests and responses
	 * @param files what a dead daemon leaves behind, the control file first
	 */
	public SocketTransport(AFUNIXSocket socket, DataSocket requests, DataSocket events, ControlFile control,
			SharedMemoryFiles files, int grantedSize) throws IOException {
		int frameSize = Math.min(grantedSize, MAX_FRAME_SIZE);
		this.maxFrameSize = Math.min(frameSize, requests.maxDatagramSize());
		this.stream = socket.getChannel();
		this.requests = requests;
		this.events = events;
		this.control = control;
		this.files = files;
		this.outbox = new Outbox(requests.channel(), () -> flowControl() == FlowControl.OPEN, control::requestSent,
				this.maxFrameSize);
		this.responseBytes = new byte[Math.min(frameSize, MAX_RESPONSE) + 1];
		this.response = new DatagramFrame(ByteBuffer.wrap(this.responseBytes));
		this.event = new DatagramFrame(ByteBuffer.allocateDirect(frameSize + 1));
		this.selector = events.channel().provider().openSelector();
		boolean registered = false;
		try {
			this.stream.configureBlocking(false);
			this.stream.register(this.selector, SelectionKey.OP_READ);
			events.channel().register(this.selector, SelectionKey.OP_READ);
			registered = true;
		}
		finally {
			if (!registered) {
				Platform.closeQuietly(this.selector);
			}
		}
	}

	@Override
	public int maxFrameSize() {
		return this.maxFrameSize;
	}

	@Override
	public FlowControl flowControl() {
		return FlowControl.of(this.control.flowControl());
	}

	@Override
	public @Nullable FrameWriter claim(int length) {
		return this.outbox.claim(length);
	}

	@Override
	public void commit() {
		this.outbox.commit();
	}

	@Override
	public boolean announce() throws IOException {
		return this.outbox.send();
	}

	@Override
	public boolean announcesForCallers() {
		return false;
	}

	@Override
	public boolean hasUnannounced() {
		return !this.outbox.isEmpty();
	}

	@Override
	public boolean pollResponse(FrameReader.Handler handler) throws IOException {
		DatagramPacket packet = new DatagramPacket(this.responseBytes, this.responseBytes.length);
		boolean empty = false;
		try {
			this.requests.socket().receive(packet);
		}
		catch (SocketTimeoutException ex) {
			// So junixsocket reports a datagram without a byte in it.
			empty = true;
		}
		if (!empty && packet.getLength() == 0) {
			return false;
		}
		this.control.responseTaken();
		this.responded = true;
		handler.handle(this.response.of(empty ? 0 : packet.getLength()));
		return true;
	}

	@Override
	public int await(int timeoutMillis) throws IOException {
		Deadline deadline = Deadline.in(Duration.ofMillis(timeoutMillis));
		while (!this.shutDown) {
			// What the daemon said before it ended is there when its end is seen.
			boolean ended = !isStreamOpen();
			this.taken = 0;
			this.length = this.events.channel().read(this.event.buffer().clear());
			if (this.length != NOTHING) {
				return 1;
			}
			if (ended) {
				this.endedByDaemon = !this.shutDown;
				return -1;
			}
			if (timeoutMillis > 0 && deadline.isOver()) {
				return 0;
			}
			select((timeoutMillis > 0) ? 1 + deadline.remainingNanos() / 1_000_000 : 0);
		}
		return -1;
	}

	@Override
	public boolean take(FrameReader.Handler handler) throws IOException {
		if (this.length == NOTHING && this.taken < MAX_EVENTS) {
			this.length = this.events.channel().read(this.event.buffer().clear());
		}
		if (this.length == NOTHING) {
			return false;
		}
		// It is -1 for a datagram without a byte in it.
		int received = Math.max(0, this.length);
		this.length = NOTHING;
		this.taken++;
		this.control.eventTaken();
		this.notified = true;
		handler.handle(this.event.of(received));
		MappingFaults.report();
		return true;
	}

	/** An interrupt of a thread in a channel closes that. */
	@Override
	public boolean waitsUninterruptibly() {
		return false;
	}

	/**
	 * It closes the stream itself if that has ended. Without a limit it is not
	 * {@code select(0)}, which for junixsocket means not to wait at all.
	 */
	private void select(long millis) {
		try {
			if (millis > 0) {
				this.selector.select(millis);
			}
			else {
				this.selector.select();
			}
			this.selector.selectedKeys().clear();
		}
		catch (IOException ex) {
			// A signal, as of a profiler, came to this thread: the sockets are looked at
			// anyway, and not too often if there was worse.
			Deadline.in(Duration.ofMillis(1)).pause();
		}
	}

	/** The daemon sends nothing on it; what comes is dropped. */
	private boolean isStreamOpen() {
		try {
			return this.stream.isOpen() && this.stream.read(this.noise.clear()) >= 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public boolean isDaemonThere() {
		return isStreamOpen();
	}

	/**
	 * The daemon sees the end of the stream. What it still sends has to find its sockets,
	 * so they stay until they are closed.
	 */
	@Override
	public void shutdown() {
		this.shutDown = true;
		try {
			this.stream.shutdownOutput();
		}
		catch (IOException ex) {
			// The daemon was faster.
		}
		this.selector.wakeup();
	}

	@Override
	public void close(Deadline deadline) {
		if (!this.outbox.close(deadline)) {
			shutdown();
			return;
		}
		Platform.closeQuietly(this.stream);
		if (!this.endedByDaemon && !(this.responded && this.notified)) {
			linger();
		}
		Platform.closeQuietly(this.selector);
		this.requests.close();
		this.events.close();
		this.control.unmap();
		this.files.removeIfDaemonDied(this.endedByDaemon);
	}

	/**
	 * The daemon connects to a socket of this side when it first sends something there.
	 * If the socket is gone it tries again for a second, and does nothing else in that
	 * time. So where it may still have to connect, the sockets stay until it has seen the
	 * end of the stream, and has removed its file.
	 */
	private void linger() {
		Deadline deadline = Deadline.in(LINGER);
		while (this.files.exist() && !deadline.isOver()) {
			deadline.pause();
		}
	}

}
