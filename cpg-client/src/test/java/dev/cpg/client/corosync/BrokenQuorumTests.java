package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import dev.cpg.client.internal.quorum.QuorumFrames;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
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
 * A quorum service that refuses, falls silent, hangs up or talks nonsense, at each step
 * of a connection.
 */
@Timeout(30)
class BrokenQuorumTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private static final CpgQuorum QUORATE = new CpgQuorum(true, true, QuorumFrames.RING, List.of(1L, 2L));

	@TempDir
	private Path directory;

	private FakeDaemon daemon;

	private final Recorder recorder = new Recorder();

	@BeforeEach
	void start() throws IOException {
		this.daemon = new FakeDaemon(this.directory, "quorum");
		this.daemon.on(QuorumFrames.MODEL, (request, peer) -> peer.respond(QuorumFrames.model(CsError.OK, true)));
		this.daemon.on(QuorumFrames.TRACK_START, (request, peer) -> {
			peer.event(QuorumFrames.nodeList());
			peer.event(QuorumFrames.quorum(1, 1, 2));
			peer.respond(QuorumFrames.trackStarted(CsError.OK));
		});
	}

	@AfterEach
	void stop() throws IOException {
		this.daemon.close();
	}

	private CpgQuorumConnection connect(Duration limit) {
		return CorosyncConnector.builder()
			.name("broken-quorum")
			.socketDirectory(this.directory)
			.requestTimeout(limit)
			.build()
			.connectQuorum(this.recorder);
	}

	/** Fails to connect, which the listener is not notified of and leaves nothing. */
	private CorosyncConnectException connectFails(Duration limit) {
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class, () -> connect(limit));
		assertThat(ex).as("a failure").isNotNull();
		awaitNothingLeft();
		assertThat(this.recorder.events).isEmpty();
		return ex;
	}

	private void awaitNothingLeft() {
		Awaitility.await().atMost(FakeClient.LIMIT).untilAsserted(() -> {
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("cpg-broken-quorum-quorum");
			assertThat(this.daemon.clientMappings()).isZero();
		});
	}

	@Test
	void aRefusedConnectionSaysWhy() {
		this.daemon.setup((response) -> response.with(16, -13));
		assertThat(connectFails(FakeClient.LIMIT).reason()).isEqualTo(Reason.PERMISSION_DENIED);
	}

	@Test
	void aServiceThatRefusesTheFirstRequestSaysWhy() {
		this.daemon.on(QuorumFrames.MODEL,
				(request, peer) -> peer.respond(QuorumFrames.model(CsError.TRY_AGAIN, true)));
		CorosyncConnectException ex = connectFails(FakeClient.LIMIT);
		assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN);
		assertThat(ex.reason()).isEqualTo(Reason.NOT_READY);
	}

	@Test
	void aServiceThatRefusesToReportSaysWhy() {
		this.daemon.on(QuorumFrames.TRACK_START,
				(request, peer) -> peer.respond(QuorumFrames.trackStarted(CsError.ACCESS)));
		assertThat(connectFails(FakeClient.LIMIT).reason()).isEqualTo(Reason.PERMISSION_DENIED);
	}

	@ParameterizedTest
	@ValueSource(ints = { QuorumFrames.MODEL, QuorumFrames.TRACK_START })
	void silenceToARequestIsATimeout(int request) {
		this.daemon.on(request, (frame, peer) -> {
		});
		assertThat(connectFails(SHORT).reason()).isEqualTo(Reason.TIMEOUT);
	}

	@Test
	void aServiceThatReportsNoQuorumIsATimeout() {
		this.daemon.on(QuorumFrames.TRACK_START, (request, peer) -> {
			peer.event(QuorumFrames.nodeList());
			peer.respond(QuorumFrames.trackStarted(CsError.OK));
		});
		assertThat(connectFails(SHORT).reason()).isEqualTo(Reason.TIMEOUT);
	}

	@ParameterizedTest
	@ValueSource(ints = { QuorumFrames.MODEL, QuorumFrames.TRACK_START })
	void anEndInMidRequestIsADaemonThatIsNotReady(int request) {
		this.daemon.on(request, (frame, peer) -> peer.hangUp());
		assertThat(connectFails(FakeClient.LIMIT).reason()).isEqualTo(Reason.NOT_READY);
	}

	@Test
	void anEndBeforeTheFirstReportIsAFailure() {
		this.daemon.on(QuorumFrames.TRACK_START, (request, peer) -> {
			peer.respond(QuorumFrames.trackStarted(CsError.OK));
			peer.hangUp();
		});
		assertThat(connectFails(FakeClient.LIMIT).error()).isEqualTo(CsError.LIBRARY);
	}

	@Test
	void aFirstReportThatContradictsItselfIsAFailure() {
		this.daemon.on(QuorumFrames.TRACK_START, (request, peer) -> {
			peer.event(QuorumFrames.quorum(1, 1, 2).with(48, 3));
			peer.respond(QuorumFrames.trackStarted(CsError.OK));
		});
		assertThat(connectFails(FakeClient.LIMIT).error()).isEqualTo(CsError.MESSAGE_ERROR);
	}

	@Test
	void aResponseThatIsTooShortIsAFailure() {
		this.daemon.on(QuorumFrames.MODEL,
				(request, peer) -> peer.respond(QuorumFrames.model(CsError.OK, true).resized(24)));
		assertThat(connectFails(FakeClient.LIMIT).error()).isEqualTo(CsError.MESSAGE_ERROR);
	}

	@Test
	void aReportThatContradictsItselfEndsTheConnection() {
		assertLost((peer) -> peer.event(QuorumFrames.quorum(0, 1).with(48, -1)), CsError.MESSAGE_ERROR);
	}

	@Test
	void bellsWithoutReportsEndTheConnection() {
		assertLost((peer) -> peer.bell(3), CsError.LIBRARY);
	}

	@Test
	void theEndOfTheDaemonEndsTheConnection() {
		assertLost(FakePeer::hangUp, CsError.LIBRARY);
	}

	private void assertLost(FakeDaemon.Conversation lie, CsError error) {
		CpgQuorumConnection connection = connect(FakeClient.LIMIT);
		assertThat(connection.quorum()).isEqualTo(QUORATE);
		this.recorder.await(QUORATE);
		try {
			lie.with(this.daemon.peer());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		this.recorder.await(QUORATE, "closed " + error);
		awaitNothingLeft();
		assertThat(connection.isOpen()).isFalse();
		assertThat(connection.quorum()).isEqualTo(CpgQuorum.NONE);
		assertThat(connection.failure()).isNotNull().extracting(CorosyncException::error).isEqualTo(error);
		connection.close();
		assertThat(this.recorder.events).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, 0, 5, 8, Integer.MAX_VALUE })
	void aReportOfAKindThatIsNotKnownIsPassedOver(int id) throws IOException {
		try (CpgQuorumConnection connection = connect(FakeClient.LIMIT)) {
			FakePeer peer = this.daemon.peer();
			peer.event(new TestFrame(24).with(0, id).with(8, 24));
			peer.event(QuorumFrames.quorum(0, 1, 2));
			this.recorder.await(QUORATE, new CpgQuorum(true, false, QuorumFrames.RING, List.of(1L, 2L)));
			assertThat(connection.isOpen()).isTrue();
		}
	}

	@Test
	void withoutAProviderTheQuorumThatIsReportedIsPassedOver() throws IOException {
		this.daemon.on(QuorumFrames.MODEL, (request, peer) -> peer.respond(QuorumFrames.model(CsError.OK, false)));
		try (CpgQuorumConnection connection = connect(FakeClient.LIMIT)) {
			CpgQuorum notProvided = new CpgQuorum(false, false, QuorumFrames.RING, List.of(1L, 2L));
			assertThat(connection.quorum()).isEqualTo(notProvided);
			FakePeer peer = this.daemon.peer();
			peer.event(QuorumFrames.quorum(1));
			peer.event(QuorumFrames.nodeList());
			this.recorder.await(notProvided, notProvided);
		}
	}

	@Test
	void aListenerThatThrowsIsNotifiedOfTheNextReport() throws IOException {
		this.recorder.then = (quorum) -> {
			throw new IllegalStateException("on purpose");
		};
		try (CpgQuorumConnection connection = connect(FakeClient.LIMIT)) {
			this.daemon.peer().event(QuorumFrames.quorum(1, 1, 2));
			this.recorder.await(QUORATE, QUORATE);
			assertThat(connection.isOpen()).isTrue();
		}
		awaitNothingLeft();
	}

	@Test
	void aListenerMayCloseTheConnectionAndIsNotifiedOfThatLast() throws IOException {
		CpgQuorumConnection connection = connect(FakeClient.LIMIT);
		this.recorder.await(QUORATE);
		this.recorder.then = (quorum) -> connection.close();
		FakePeer peer = this.daemon.peer();
		peer.event(QuorumFrames.quorum(1, 1, 2));
		this.recorder.await(QUORATE, QUORATE, "closed");
		assertThat(connection.failure()).isNull();
		awaitNothingLeft();
	}

	/** Keeps what it is notified of. */
	private static final class Recorder implements CpgQuorumListener {

		private final List<Object> events = new CopyOnWriteArrayList<>();

		private volatile Consumer<CpgQuorum> then = (quorum) -> {
		};

		void await(Object... expected) {
			Awaitility.await().atMost(FakeClient.LIMIT).until(() -> this.events, List.of(expected)::equals);
		}

		@Override
		public void quorumChanged(CpgQuorum quorum) {
			this.events.add(quorum);
			this.then.accept(quorum);
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			this.events.add((cause != null) ? "closed " + cause.error() : "closed");
		}

	}

}
