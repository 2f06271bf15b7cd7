package dev.cpg.client.corosync;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.memory.ReceiveRing;
import dev.cpg.client.internal.ipc.memory.RequestRing;
import dev.cpg.client.internal.ipc.memory.RingFiles;
import dev.cpg.client.internal.ipc.memory.RingLayout;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import dev.cpg.client.internal.ipc.transport.Platform;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * The {@link FakeDaemon}'s side of one connection: the steps of an honest daemon, to be
 * taken or left out, and the means to lie at each.
 */
public final class FakePeer implements AutoCloseable {

	/** Rings of 128 KiB, of which the daemon grants half. */
	public static final int RING_WORDS = 1 << 15;

	public static final int GRANTED = 1 << 16;

	public static final int SETUP_RESPONSE_LENGTH = 12_328;

	private static final int SETUP_REQUEST_LENGTH = 24;

	private static final AtomicInteger CONNECTIONS = new AtomicInteger();

	private final Path directory;

	private final AFUNIXSocket socket;

	private final Consumer<TestFrame> setup;

	private final Map<Integer, FakeDaemon.Answer> answers;

	private final String name = "ring" + CONNECTIONS.incrementAndGet();

	private final Map<Ring, MappedRing> mappings = new EnumMap<>(Ring.class);

	private final Map<Ring, RequestRing> writers = new EnumMap<>(Ring.class);

	private @Nullable CpgAddress member;

	private @Nullable CpgGroupName group;

	private boolean closed;

	/** The rings, each with the offset of its name in the set-up response. */
	public enum Ring {

		REQUEST(40), RESPONSE(4136), EVENT(8232);

		public final int nameOffset;

		Ring(int nameOffset) {
			this.nameOffset = nameOffset;
		}

	}

	/**
	 * Makes a lie of a chunk that is in the ring already, but not counted yet.
	 */
	interface ChunkLie {

		void about(MappedRing ring, int index);

	}

	FakePeer(Path directory, AFUNIXSocket socket, Consumer<TestFrame> setup, Map<Integer, FakeDaemon.Answer> answers) {
		this.directory = directory;
		this.socket = socket;
		this.setup = setup;
		this.answers = answers;
	}

	void run(FakeDaemon.Conversation conversation) {
		try {
			conversation.with(this);
		}
		catch (IOException | InternalError ex) {
			// The client has hung up, the test is over, or has cut the files.
		}
	}

	public void setUp() throws IOException {
		readSetupRequest();
		send(setupResponse().bytes());
	}

	public void readSetupRequest() throws IOException {
		new DataInputStream(this.socket.getInputStream()).readFully(new byte[SETUP_REQUEST_LENGTH]);
	}

	/** Makes the rings and returns the response that names them, with the test's lie. */
	public synchronized TestFrame setupResponse() throws IOException {
		TestFrame response = new TestFrame(SETUP_RESPONSE_LENGTH).with(0, -1)
			.with(8, SETUP_RESPONSE_LENGTH)
			.with(24, 1)
			.with(28, GRANTED);
		for (Ring ring : Ring.values()) {
			Path files = RingFiles.create(this.directory, fileName(ring), RING_WORDS);
			byte[] bytes = files.toString().getBytes(StandardCharsets.UTF_8);
			response.putBytes(ring.nameOffset, bytes, 0, bytes.length);
			MappedRing mapping = RingFiles.open(files);
			this.mappings.put(ring, mapping);
			this.writers.put(ring, new RequestRing(mapping));
		}
		this.setup.accept(response);
		return response;
	}

	private String fileName(Ring ring) {
		return this.name + "-" + ring;
	}

	/** Returns a file of a ring, the header or the data. */
	public Path file(Ring ring, String part) {
		return this.directory.resolve(fileName(ring) + "-" + part);
	}

	/** Cuts a file under the client's mapping, as an unlucky end of the daemon may. */
	public void truncate(Ring ring, String part, int length) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(file(ring, part).toFile(), "rw")) {
			file.setLength(length);
		}
	}

	/** Takes requests and answers each, until the client hangs up. */
	public void serve() throws IOException {
		byte[] bells = new byte[4096];
		ReceiveRing requests = new ReceiveRing(ring(Ring.REQUEST));
		for (int count = hear(bells); count > 0; count = hear(bells)) {
			for (int i = 0; i < count; i++) {
				TestFrame request = take(requests);
				FakeDaemon.Answer answer = this.answers.get(request.getInt(Frames.ID));
				if (answer != null) {
					answer.to(request, this);
				}
			}
		}
	}

	private int hear(byte[] bells) throws IOException {
		return this.socket.getInputStream().read(bells);
	}

	private synchronized TestFrame take(ReceiveRing requests) throws IOException {
		if (this.closed) {
			throw new IOException("closed");
		}
		byte[][] request = new byte[1][];
		requests.take((frame) -> {
			request[0] = new byte[frame.length()];
			frame.getBytes(0, request[0]);
		});
		return new TestFrame(request[0]);
	}

	public void respond(TestFrame response) throws IOException {
		put(Ring.RESPONSE, response, (ring, index) -> {
		});
	}

	public void event(TestFrame event) throws IOException {
		event(event, (ring, index) -> {
		});
	}

	public void event(TestFrame event, ChunkLie lie) throws IOException {
		put(Ring.EVENT, event, lie);
		bell(1);
	}

	/** Puts a chunk into a ring and counts it; waits for room while the client lives. */
	void put(Ring ring, TestFrame frame, ChunkLie lie) throws IOException {
		Deadline deadline = Deadline.in(FakeClient.LIMIT);
		while (!tryPut(ring, frame, lie)) {
			if (deadline.isOver()) {
				throw new IOException("The client takes nothing");
			}
			deadline.pause();
		}
	}

	synchronized boolean tryPut(Ring ring, TestFrame frame, ChunkLie lie) throws IOException {
		MappedRing mapping = ring(ring);
		RequestRing writer = this.writers.get(ring);
		if (writer == null || !writer.claim(frame.length())) {
			return false;
		}
		int index = mapping.index(RingLayout.WRITE_INDEX);
		writer.putBytes(0, frame.bytes(), 0, frame.length());
		writer.commit();
		lie.about(mapping, index);
		mapping.addToSemaphore(1);
		return true;
	}

	/** Rings, with or without events to ring for. */
	void bell(int count) throws IOException {
		send(new byte[count]);
	}

	public void send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	/** Returns a ring, to lie about what is in it. */
	public synchronized MappedRing ring(Ring ring) throws IOException {
		MappedRing mapping = this.mappings.get(ring);
		if (this.closed || mapping == null) {
			throw new IOException("closed");
		}
		return mapping;
	}

	public void hangUp() {
		Platform.closeQuietly(this.socket);
	}

	synchronized long mappings() {
		return this.closed ? 0 : 2L * this.mappings.size();
	}

	synchronized void joined(CpgGroupName group, CpgAddress member) {
		this.group = group;
		this.member = member;
	}

	synchronized Optional<CpgAddress> member() {
		return Optional.ofNullable(this.member);
	}

	synchronized CpgGroupName group() {
		if (this.group == null) {
			throw new IllegalStateException("The client has not joined");
		}
		return this.group;
	}

	public static CpgGroupName groupOf(TestFrame request) {
		byte[] name = new byte[request.getInt(16)];
		request.getBytes(24, name);
		return CpgGroupName.of(name);
	}

	@Override
	public void close() {
		hangUp();
		synchronized (this) {
			if (!this.closed) {
				this.closed = true;
				this.mappings.values().forEach(MappedRing::unmap);
			}
		}
	}

}
