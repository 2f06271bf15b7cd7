package dev.cpg.client.internal.ipc.setup;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CsError;
import dev.cpg.client.corosync.FakeClient;
import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.corosync.FakePeer;
import dev.cpg.client.corosync.FakePeer.Ring;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers;
import dev.cpg.client.internal.ipc.daemon.UserNamespace;
import dev.cpg.client.internal.ipc.memory.RingLayout;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import dev.cpg.client.internal.ipc.transport.Platform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A daemon that lies while the connection is set up. Every lie ends in a
 * {@link CorosyncConnectException}; that neither a thread nor a mapping is left then is
 * seen by {@link FakeClient#connect}.
 */
@Timeout(30)
class HandshakeLieTests {

	private static final int ERROR = 16;

	private static final int TYPE = 24;

	private static final int GRANTED_SIZE = 28;

	private static final int NAME_LENGTH = 4096;

	private static final long SMALL = 1 << 20;

	@TempDir
	private Path directory;

	private FakeDaemon daemon;

	@BeforeEach
	void start() throws IOException {
		this.daemon = new FakeDaemon(this.directory);
	}

	@AfterEach
	void stop() throws IOException {
		this.daemon.close();
	}

	@Test
	void anHonestDaemonIsBelieved() {
		try (FakeClient client = FakeClient.connect(this.daemon)) {
			assertThat(client.connection().localNodeId()).isEqualTo(FakeDaemon.NODE_ID);
			assertThat(client.connection().limits().maxAtomicMessageSize())
				.isEqualTo(FakePeer.GRANTED - CpgRequests.RESERVED);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void aLieInTheSetUpResponseIsNotBelieved(String lie, Consumer<TestFrame> setup, Reason reason, CsError error) {
		this.daemon.setup(setup);
		CorosyncConnectException ex = connectFails();
		assertThat(ex.reason()).isEqualTo(reason);
		assertThat(ex.error()).isEqualTo(error);
	}

	static Stream<Arguments> aLieInTheSetUpResponseIsNotBelieved() {
		Stream<Arguments> numbers = Stream.of(
				lie("an unknown errno", (response) -> response.with(ERROR, -9999), Reason.PROTOCOL, CsError.LIBRARY),
				lie("a positive error", (response) -> response.with(ERROR, 11), Reason.PROTOCOL, CsError.LIBRARY),
				lie("the smallest error", (response) -> response.with(ERROR, Integer.MIN_VALUE), Reason.PROTOCOL,
						CsError.LIBRARY),
				lie("not yet", (response) -> response.with(ERROR, -11), Reason.NOT_READY, CsError.TRY_AGAIN),
				lie("no access", (response) -> response.with(ERROR, -13), Reason.PERMISSION_DENIED, CsError.ACCESS),
				lie("no room", (response) -> response.with(ERROR, -28), Reason.NO_RESOURCES, CsError.NO_SPACE),
				lie("an absurd type", (response) -> response.with(TYPE, 1_000_000), Reason.UNSUPPORTED_TRANSPORT,
						CsError.NOT_SUPPORTED),
				lie("a negative type", (response) -> response.with(TYPE, -1), Reason.UNSUPPORTED_TRANSPORT,
						CsError.NOT_SUPPORTED),
				lie("nothing granted", (response) -> response.with(GRANTED_SIZE, 0), Reason.PROTOCOL, CsError.LIBRARY),
				lie("less than nothing granted", (response) -> response.with(GRANTED_SIZE, -1), Reason.PROTOCOL,
						CsError.LIBRARY),
				lie("no more granted than the headers take",
						(response) -> response.with(GRANTED_SIZE, CpgRequests.RESERVED), Reason.PROTOCOL,
						CsError.LIBRARY));
		Stream<Arguments> names = Arrays.stream(Ring.values())
			.flatMap((ring) -> Stream.of(
					lie(ring + " with an empty name", (response) -> response.with(ring.nameOffset, 0), Reason.PROTOCOL,
							CsError.LIBRARY),
					lie(ring + " with a name that does not end", (response) -> fill(response, ring, 'a'),
							Reason.PROTOCOL, CsError.LIBRARY),
					lie(ring + " with a name of bytes that are no text", (response) -> fill(response, ring, 0xFF),
							Reason.PROTOCOL, CsError.LIBRARY),
					lie(ring + " with a name that is a directory's", (response) -> name(response, ring, "/"),
							Reason.PROTOCOL, CsError.LIBRARY),
					lie(ring + " with a name that leads through a file",
							(response) -> name(response, ring, "/etc/passwd/x"), Reason.PROTOCOL, CsError.LIBRARY),
					lie(ring + " that is elsewhere", (response) -> name(response, ring, "/nowhere/ring"),
							Reason.PROTOCOL, CsError.LIBRARY),
					lie(ring + " that is not there", (response) -> name(response, ring, "/dev/shm/nowhere/ring"),
							Reason.SHARED_MEMORY_NOT_SHARED, CsError.NOT_EXIST)));
		return Stream.concat(numbers, names);
	}

	@Test
	void aHugeSizeIsGrantedOnlyAsFarAsTheRingGoes() {
		this.daemon.setup((response) -> response.with(GRANTED_SIZE, Integer.MAX_VALUE));
		try (FakeClient client = FakeClient.connect(this.daemon)) {
			assertThat(client.connection().limits().maxAtomicMessageSize())
				.isLessThan(FakePeer.RING_WORDS * RingLayout.WORD);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aRingWithoutItsHeaderFileIsNotOpened(Ring ring) {
		assertNotThere(ring, "header");
	}

	@ParameterizedTest
	@EnumSource
	void aRingWithoutItsDataFileIsNotOpened(Ring ring) {
		assertNotThere(ring, "data");
	}

	private void assertNotThere(Ring ring, String part) {
		lieAboutFiles((peer) -> Files.delete(peer.file(ring, part)));
		CorosyncConnectException ex = connectFails();
		assertThat(ex.reason()).isEqualTo(Reason.SHARED_MEMORY_NOT_SHARED);
		assertThat(ex).hasMessageContaining(part);
	}

	@ParameterizedTest
	@EnumSource
	void aRingWhoseHeaderFileIsTooShortIsNotOpened(Ring ring) {
		lieAboutFiles((peer) -> peer.truncate(ring, "header", RingLayout.HEADER_LENGTH - 1));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@ParameterizedTest
	@EnumSource
	void aRingWhoseHeaderFileIsEmptyIsNotOpened(Ring ring) {
		lieAboutFiles((peer) -> peer.truncate(ring, "header", 0));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@ParameterizedTest
	@EnumSource
	void aRingWhoseDataFileIsTooShortIsNotOpened(Ring ring) {
		lieAboutFiles((peer) -> peer.truncate(ring, "data", FakePeer.RING_WORDS * RingLayout.WORD - 1));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 1, 11, 12, FakePeer.RING_WORDS + 1, 1 << 27, 1 << 30, 1 << 31,
			Integer.MAX_VALUE })
	void aRingThatLiesAboutItsSizeIsNotOpened(int words) {
		lieAboutFiles((peer) -> peer.ring(Ring.REQUEST).index(RingLayout.RING_WORDS, words));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, FakePeer.RING_WORDS, Integer.MAX_VALUE })
	void aRingWhoseIndexesPointOutsideIsNotOpened(int index) {
		lieAboutFiles((peer) -> peer.ring(Ring.REQUEST).index(RingLayout.WRITE_INDEX, index));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
		lieAboutFiles((peer) -> peer.ring(Ring.RESPONSE).index(RingLayout.READ_INDEX, index));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
		lieAboutFiles((peer) -> peer.ring(Ring.EVENT).index(RingLayout.READ_INDEX, index));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@Test
	void garbageForAnAnswerIsNotBelieved() {
		byte[] garbage = new byte[FakePeer.SETUP_RESPONSE_LENGTH];
		Arrays.fill(garbage, (byte) 0x55);
		this.daemon.conversation((peer) -> {
			peer.readSetupRequest();
			peer.send(garbage);
		});
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@Test
	void noWrongResponseMakesTheClientTakeMuchMemory() {
		this.daemon.setup((response) -> response.with(GRANTED_SIZE, Integer.MAX_VALUE));
		lieAboutFiles((peer) -> {
			peer.truncate(Ring.EVENT, "header", Integer.MAX_VALUE);
			peer.truncate(Ring.EVENT, "data", Integer.MAX_VALUE);
			peer.ring(Ring.EVENT).index(RingLayout.RING_WORDS, Integer.MAX_VALUE);
		});
		IpcSetup setup = new IpcSetup(new IpcService("cpg", 1025), this.directory, Duration.ofSeconds(5),
				new TrustedUsers(Set.of(), "trustedUids", UserNamespace.current()), Platform::newDatagramSocket);
		// Once to load the classes.
		assertThat(catchThrowable(setup::connect)).isInstanceOf(CorosyncConnectException.class);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class, setup::connect);
		long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
		assertThat(ex.reason()).isEqualTo(Reason.PROTOCOL);
		assertThat(allocated).isLessThan(SMALL);
	}

	private CorosyncConnectException connectFails() {
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class,
				() -> FakeClient.connect(this.daemon).close());
		assertThat(ex).as("a refusal").isNotNull();
		return ex;
	}

	/** Makes the rings, then a lie of them, and only then answers the client. */
	private void lieAboutFiles(FakeDaemon.Conversation lie) {
		this.daemon.conversation((peer) -> {
			peer.readSetupRequest();
			TestFrame response = peer.setupResponse();
			lie.with(peer);
			peer.send(response.bytes());
			peer.serve();
		});
	}

	private static Arguments lie(String lie, Consumer<TestFrame> setup, Reason reason, CsError error) {
		return arguments(lie, setup, reason, error);
	}

	private static void fill(TestFrame response, Ring ring, int value) {
		byte[] name = new byte[NAME_LENGTH];
		Arrays.fill(name, (byte) value);
		response.putBytes(ring.nameOffset, name, 0, name.length);
	}

	private static void name(TestFrame response, Ring ring, String name) {
		byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), NAME_LENGTH);
		response.putBytes(ring.nameOffset, bytes, 0, bytes.length);
	}

}
