package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.client.corosync.FakeClient;
import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.corosync.FakePeer;
import dev.cpg.client.corosync.FakeSocketPeer;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A daemon that offers libqb's socket transport and lies about it, or on it.
 */
@Timeout(30)
class SocketTransportLieTests {

	private static final int REQUESTS_SENT = 0;

	private static final int FLOW_CONTROL = 4;

	private static final int RESPONSES_SENT = 8;

	private static final int EVENTS_SENT = 16;

	private static final int GRANTED_SIZE = 28;

	private static final int MESSAGE = 10_000;

	private static final Duration STILL = Duration.ofMillis(300);

	@TempDir
	private Path directory;

	private FakeDaemon daemon;

	private FakeSocketPeer peer;

	@BeforeEach
	void start() throws IOException {
		this.daemon = new FakeDaemon(this.directory);
		this.peer = new FakeSocketPeer(this.daemon.files());
		this.daemon.conversation(this.peer);
		this.peer.on(CpgRequests.JOIN, this::join);
	}

	@AfterEach
	void stop() throws IOException {
		this.daemon.close();
		this.peer.close();
	}

	private void join(TestFrame request) throws IOException {
		CpgAddress member = new CpgAddress(FakeDaemon.NODE_ID, request.getUnsignedInt(152));
		CpgGroupName group = FakePeer.groupOf(request);
		this.peer.respond(Frames.response(CpgRequests.JOIN, CsError.OK, 24).bytes());
		this.peer.event(Frames
			.configurationChange(group, List.of(member), List.of(), List.of(new CpgMember(member, CpgReason.JOIN)))
			.bytes());
		this.peer.event(Frames.totemConfiguration(FakeDaemon.RING, (int) FakeDaemon.NODE_ID).bytes());
	}

	@Test
	void anHonestDaemonIsBelievedAndItsMessagesAreCountedInTheControlFile() throws Exception {
		try (FakeClient client = FakeClient.join(this.daemon)) {
			assertThat(client.connection().limits().maxAtomicMessageSize())
				.isEqualTo(FakeSocketPeer.GRANTED - CpgRequests.RESERVED);
			assertThat(client.connection().flowControl()).isEqualTo(CpgFlowControl.OPEN);
			Awaitility.await().until(() -> this.peer.controlWord(EVENTS_SENT) == -2);
			assertThat(this.peer.controlWord(REQUESTS_SENT)).isEqualTo(5);
			assertThat(this.peer.controlWord(RESPONSES_SENT)).isEqualTo(-5);
			assertThat(this.peer.controlWord(FLOW_CONTROL)).isZero();
		}
	}

	@Test
	void aHugeSizeIsGrantedOnlyAsFarAsTheKernelLetsThrough() {
		this.peer.setup((response) -> response.with(GRANTED_SIZE, Integer.MAX_VALUE));
		try (FakeClient client = FakeClient.connect(this.daemon)) {
			assertThat(client.connection().limits().maxAtomicMessageSize()).isPositive().isLessThan(1 << 24);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, CpgRequests.RESERVED })
	void aSizeWithoutRoomForAMessageIsRefused(int granted) {
		this.peer.setup((response) -> response.with(GRANTED_SIZE, granted));
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@Test
	void withoutTheControlFileTheSharedMemoryIsNotShared() throws IOException {
		Files.delete(this.peer.control());
		assertThat(connectFails().reason()).isEqualTo(Reason.SHARED_MEMORY_NOT_SHARED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 23, 25, 5000 })
	void aControlFileOfAnotherSizeIsRefused(int size) throws IOException {
		Files.write(this.peer.control(), new byte[size]);
		assertThat(connectFails().reason()).isEqualTo(Reason.PROTOCOL);
	}

	@Test
	void socketsThatAreNotThereAreInAnotherNetworkNamespace() {
		this.peer.close();
		CorosyncConnectException ex = connectFails();
		assertThat(ex.reason()).isEqualTo(Reason.NETWORK_NOT_SHARED);
		assertThat(ex).hasMessageContaining("network namespace").hasMessageContaining("qb_ipc_type");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 23, FakeSocketPeer.GRANTED + 1, FakeSocketPeer.GRANTED + 1000 })
	void anEventOfASizeThatNoneHasEndsTheConnection(int size) throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		this.peer.event(new byte[size]);
		assertThat(client.awaitLost()).hasMessageContaining("a datagram of");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 23, (1 << 16) + 1, FakeSocketPeer.GRANTED })
	void aResponseOfASizeThatNoneHasEndsTheConnection(int size) throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		this.peer.on(CpgRequests.ITERATION_START, (request) -> this.peer.respond(new byte[size]));
		assertThat(fails(() -> client.connection().membership(FakeClient.GROUP))).hasMessageContaining("a datagram of");
		client.awaitLost();
	}

	@Test
	void silenceToARequestEndsTheConnection() throws Exception {
		this.peer.on(CpgRequests.ITERATION_START, (request) -> {
		});
		FakeClient client = connect((builder) -> builder.requestTimeout(Duration.ofMillis(300)));
		CorosyncException ex = fails(() -> client.connection().membership(FakeClient.GROUP));
		assertThat(ex.error()).isEqualTo(CsError.TIMEOUT);
		assertThat(client.awaitLost()).isSameAs(ex);
	}

	@Test
	void theEndOfTheSetUpStreamEndsTheConnectionAfterWhatWasSaidBefore() throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		for (int i = 0; i < 5; i++) {
			this.peer.event(Frames.totemConfiguration(new RingId(1, 100 + i), 1).bytes());
		}
		this.daemon.peer().hangUp();
		assertThat(client.awaitLost()).hasMessageContaining("the daemon stopped, or died");
		assertThat(client.events).filteredOn(CpgTotemConfiguration.class::isInstance).hasSize(6);
	}

	@Test
	void bytesOnTheSetUpStreamAreIgnored() throws Exception {
		try (FakeClient client = FakeClient.join(this.daemon)) {
			this.daemon.peer().send(new byte[100_000]);
			this.peer.event(Frames.totemConfiguration(new RingId(1, 100), 1).bytes());
			Awaitility.await().until(() -> client.connection().view().ring().sequence() == 100);
		}
	}

	@Test
	void whatADeafDaemonHasNoRoomForWaitsWithoutBlockingAnybodyAndArrivesInOrder() throws Exception {
		List<Integer> heard = new CopyOnWriteArrayList<>();
		this.peer.on(CpgRequests.MULTICAST, (request) -> heard.add(request.getInt(CpgRequests.MULTICAST_HEADER)));
		try (FakeClient client = FakeClient.join(this.daemon)) {
			this.peer.deaf = true;
			int sent = 0;
			Deadline full = Deadline.in(STILL);
			while (!full.isOver()) {
				if (client.connection().tryMulticast(numbered(sent)) != null) {
					sent++;
					full = Deadline.in(STILL);
				}
			}
			// More than the outbox holds, so the kernel was full, too.
			assertThat(sent).isBetween(FakeSocketPeer.GRANTED / MESSAGE + 5, 1000);
			assertThat(client.connection().isOpen()).isTrue();
			this.peer.deaf = false;
			int expected = sent;
			Awaitility.await().atMost(FakeClient.LIMIT).until(() -> heard.size() == expected);
			assertThat(heard).isSorted().doesNotHaveDuplicates();
		}
	}

	private static byte[] numbered(int number) {
		byte[] message = new byte[MESSAGE];
		ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).putInt(0, number);
		return message;
	}

	private FakeClient connect(UnaryOperator<CorosyncConnector.Builder> settings) {
		return FakeClient.connect(this.daemon, settings);
	}

	private CorosyncConnectException connectFails() {
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class,
				() -> connect((builder) -> builder.requestTimeout(Duration.ofSeconds(2))).close());
		assertThat(ex).as("a refusal").isNotNull();
		return ex;
	}

	private static CorosyncException fails(ThrowingCallable call) {
		CorosyncException ex = catchThrowableOfType(CorosyncException.class, call);
		assertThat(ex).as("a failure").isNotNull();
		return ex;
	}

}
