package dev.cpg.client.corosync;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.newsclub.net.unix.AFUNIXDatagramSocket;

/**
 * The daemon's side of a connection on libqb's socket transport: what {@link FakePeer} is
 * for shared memory, as the conversation of a {@link FakeDaemon}.
 */
public final class FakeSocketPeer implements FakeDaemon.Conversation, AutoCloseable {

	public static final int GRANTED = 1 << 17;

	private static final int CONTROL_LENGTH = 24;

	/** The kernel may keep the names of one for a moment after it was closed. */
	private static final AtomicInteger PEERS = new AtomicInteger();

	private final Path control;

	/** The sockets' names begin with it: absolute, they are abstract anyway. */
	private final Path name;

	private final boolean hasFiles;

	private final AFUNIXDatagramSocket requests = AFUNIXDatagramSocket.newInstance();

	private final AFUNIXDatagramSocket events = AFUNIXDatagramSocket.newInstance();

	private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();

	private Consumer<TestFrame> setup = (response) -> {
	};

	/** Whether it leaves requests in its socket. */
	public volatile boolean deaf;

	/** What is done about one request. */
	public interface Answer {

		void to(TestFrame request) throws IOException;

	}

	public FakeSocketPeer(Path directory) throws IOException {
		this(directory, directory.resolve("qb" + PEERS.incrementAndGet()), false);
	}

	/** Creates one with file sockets, as old versions of libqb have. */
	public FakeSocketPeer(Path directory, Path name) throws IOException {
		this(directory, name, true);
	}

	private FakeSocketPeer(Path directory, Path name, boolean hasFiles) throws IOException {
		this.control = directory.resolve("control");
		this.name = name;
		this.hasFiles = hasFiles;
		Files.write(this.control, new byte[CONTROL_LENGTH]);
		this.requests.bind(address("-request").toSocketAddress());
		this.requests.setSoTimeout(20);
		this.events.bind(address("-event-tx").toSocketAddress());
		on(CpgRequests.LOCAL_NODE, (request) -> respond(Frames.localNode(FakeDaemon.NODE_ID).bytes()));
		on(CpgRequests.ITERATION_START, (request) -> respond(Frames.iterationStart().bytes()));
		on(CpgRequests.ITERATION_NEXT, (request) -> respond(Frames.iterationOver().bytes()));
		on(CpgRequests.ITERATION_END, (request) -> respond(Frames.iterationEnd().bytes()));
	}

	/** Returns the address of one of the sockets, by how its name ends. */
	ServiceAddress address(String suffix) {
		return new ServiceAddress(this.name + suffix, this.hasFiles ? Path.of(this.name + suffix) : null);
	}

	public FakeSocketPeer setup(Consumer<TestFrame> lie) {
		this.setup = lie;
		return this;
	}

	public FakeSocketPeer on(int requestId, Answer answer) {
		this.answers.put(requestId, answer);
		return this;
	}

	public Path control() {
		return this.control;
	}

	/** Returns a number of the control file. */
	public int controlWord(int offset) throws IOException {
		return ByteBuffer.wrap(Files.readAllBytes(this.control)).order(ByteOrder.nativeOrder()).getInt(offset);
	}

	@Override
	public void with(FakePeer peer) throws IOException {
		peer.readSetupRequest();
		TestFrame response = new TestFrame(FakePeer.SETUP_RESPONSE_LENGTH).with(28, GRANTED);
		put(response, 40, this.control);
		put(response, 4136, this.hasFiles ? this.name.getFileName() : this.name);
		this.setup.accept(response);
		peer.send(response.bytes());
		while (true) {
			DatagramPacket packet = new DatagramPacket(new byte[GRANTED], GRANTED);
			try {
				if (this.deaf) {
					Thread.onSpinWait();
					continue;
				}
				this.requests.receive(packet);
			}
			catch (SocketTimeoutException ex) {
				continue;
			}
			TestFrame request = new TestFrame(Arrays.copyOf(packet.getData(), packet.getLength()));
			Answer answer = this.answers.get(request.getInt(Frames.ID));
			if (answer != null) {
				answer.to(request);
			}
		}
	}

	private static void put(TestFrame response, int offset, Path path) {
		byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
		response.putBytes(offset, bytes, 0, bytes.length);
	}

	public void respond(byte[] bytes) throws IOException {
		send(this.requests, "-response", bytes);
	}

	public void event(byte[] bytes) throws IOException {
		send(this.events, "-event", bytes);
	}

	private void send(AFUNIXDatagramSocket socket, String to, byte[] bytes) throws IOException {
		if (!socket.isConnected()) {
			socket.connect(address(to).toSocketAddress());
		}
		socket.send(new DatagramPacket(bytes, bytes.length));
	}

	@Override
	public void close() {
		this.requests.close();
		this.events.close();
		if (this.hasFiles) {
			delete("-request");
			delete("-event-tx");
		}
	}

	private void delete(String suffix) {
		Path file = address(suffix).file();
		if (file != null) {
			file.toFile().delete();
		}
	}

}
