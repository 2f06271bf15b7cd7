package dev.cpg.client.corosync;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Takes the daemon's place where a test needs a fault that a real daemon cannot be made
 * to have. It sets up a connection, and serves a node with one member, as corosync does,
 * unless a test makes it do otherwise. Tests on real daemons show that corosync does the
 * honest part so; tests on this one show only what the client does with lies.
 * <p>
 * A test sets the lies before the client connects ({@link #conversation}, {@link #setup},
 * {@link #on}), or sends them through the {@link #peer()}.
 */
public final class FakeDaemon implements AutoCloseable {

	public static final long NODE_ID = 1;

	public static final RingId RING = new RingId(NODE_ID, 0x2f);

	private static final long LIMIT_SECONDS = 10;

	private final Path directory;

	private final Path files;

	private final AFUNIXServerSocket server;

	private final BlockingQueue<FakePeer> accepted = new LinkedBlockingQueue<>();

	private final List<FakePeer> peers = new CopyOnWriteArrayList<>();

	private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();

	private volatile Conversation conversation = (peer) -> {
		peer.setUp();
		peer.serve();
	};

	private final Map<FakePeer, Iterator<CpgAddress>> iterations = new ConcurrentHashMap<>();

	/** Who else is counted as a member of any group that is asked for. */
	private volatile List<CpgAddress> counted = List.of();

	private volatile Consumer<TestFrame> setup = (response) -> {
	};

	/** What is said to one client, from its connect to the end. */
	public interface Conversation {

		void with(FakePeer peer) throws IOException;

	}

	/** What is done about one request. */
	public interface Answer {

		void to(TestFrame request, FakePeer peer) throws IOException;

	}

	/**
	 * Starts one.
	 * @param directory for the socket, {@code cpg}
	 */
	public FakeDaemon(Path directory) throws IOException {
		this.directory = directory;
		this.files = Files.createTempDirectory(Path.of("/dev/shm"), "qb-fake-");
		this.server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(directory.resolve("cpg").toFile()));
		on(CpgRequests.LOCAL_NODE, (request, peer) -> peer.respond(Frames.localNode(NODE_ID)));
		on(CpgRequests.JOIN, FakeDaemon::join);
		on(CpgRequests.LEAVE, FakeDaemon::leave);
		on(CpgRequests.MULTICAST, FakeDaemon::deliver);
		on(CpgRequests.ITERATION_START, this::startIteration);
		on(CpgRequests.ITERATION_NEXT, this::iterate);
		on(CpgRequests.ITERATION_END, (request, peer) -> peer.respond(Frames.iterationEnd()));
		start("fake-daemon", this::accept);
	}

	public Path directory() {
		return this.directory;
	}

	/** Returns the directory of the files for clients, which is in {@code /dev/shm}. */
	public Path files() {
		return this.files;
	}

	/** Replaces all that is said to a client, from the first byte on. */
	public FakeDaemon conversation(Conversation conversation) {
		this.conversation = conversation;
		return this;
	}

	/** Changes the answer to the client's set-up request. */
	public FakeDaemon setup(Consumer<TestFrame> lie) {
		this.setup = lie;
		return this;
	}

	/** Changes what is done about a kind of request. */
	public FakeDaemon on(int requestId, Answer answer) {
		this.answers.put(requestId, answer);
		return this;
	}

	/** Counts others as members, beside the client that asks. */
	FakeDaemon counting(List<CpgAddress> members) {
		this.counted = members;
		return this;
	}

	private void startIteration(TestFrame request, FakePeer peer) throws IOException {
		this.iterations.put(peer, Stream.concat(this.counted.stream(), peer.member().stream()).toList().iterator());
		peer.respond(Frames.iterationStart());
	}

	private void iterate(TestFrame request, FakePeer peer) throws IOException {
		Iterator<CpgAddress> members = this.iterations.getOrDefault(peer, Collections.emptyIterator());
		peer.respond(
				members.hasNext() ? Frames.iterationNext(FakeClient.GROUP, members.next()) : Frames.iterationOver());
	}

	/** Returns the daemon's side of the next connection; waits for it. */
	public FakePeer peer() {
		try {
			FakePeer peer = this.accepted.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
			if (peer == null) {
				throw new AssertionError("No client connected");
			}
			return peer;
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	public List<FakePeer> peers() {
		return this.peers;
	}

	/** Returns how many mappings of its files others than itself have. */
	long clientMappings() throws IOException {
		try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
			long all = maps.filter((line) -> line.contains(this.files.toString())).count();
			return all - this.peers.stream().mapToLong(FakePeer::mappings).sum();
		}
	}

	private void accept() {
		try {
			while (true) {
				AFUNIXSocket socket = this.server.accept();
				FakePeer peer = new FakePeer(this.files, socket, this.setup, this.answers);
				this.peers.add(peer);
				this.accepted.add(peer);
				start("fake-peer", () -> peer.run(this.conversation));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	static void join(TestFrame request, FakePeer peer) throws IOException {
		CpgAddress member = new CpgAddress(NODE_ID, request.getUnsignedInt(152));
		CpgGroupName group = FakePeer.groupOf(request);
		peer.joined(group, member);
		peer.respond(Frames.response(CpgRequests.JOIN, CsError.OK, 24));
		peer.event(Frames.configurationChange(group, List.of(member), List.of(),
				List.of(new CpgMember(member, CpgReason.JOIN))));
		peer.event(Frames.totemConfiguration(RING, (int) NODE_ID));
	}

	private static void leave(TestFrame request, FakePeer peer) throws IOException {
		CpgAddress member = new CpgAddress(NODE_ID, request.getUnsignedInt(152));
		peer.respond(Frames.response(CpgRequests.LEAVE, CsError.OK, 24));
		peer.event(Frames.configurationChange(FakePeer.groupOf(request), List.of(),
				List.of(new CpgMember(member, CpgReason.LEAVE)), List.of()));
	}

	private static void deliver(TestFrame request, FakePeer peer) throws IOException {
		byte[] message = new byte[request.getInt(32)];
		request.getBytes(CpgRequests.MULTICAST_HEADER, message);
		peer.event(Frames.deliver(peer.group(), peer.member().orElseThrow(), message));
	}

	public static Thread start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (FakePeer peer : this.peers) {
			peer.close();
		}
		try (Stream<Path> left = Files.walk(this.files)) {
			left.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
	}

}
