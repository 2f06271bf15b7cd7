package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.memory.RingLayout;
import dev.cpg.client.internal.ipc.memory.TestFrame;
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
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A daemon that falls silent, or hangs up, at each step that a connection takes.
 */
@Timeout(30)
class BrokenPeerTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	/** Bells fill a socket by hundreds, each of which takes two busy threads a turn. */
	private static final Duration FULL_SOCKET_LIMIT = Duration.ofMinutes(1);

	private static final Duration LONG = FakeClient.LIMIT.multipliedBy(2);

	/**
	 * What the daemon writes into the ring while it takes requests, but no multicasts.
	 */
	private static final int NO_MULTICAST = 2;

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
	void silenceAfterTheConnectIsATimeout() {
		this.daemon.conversation((peer) -> {
		});
		assertThat(connectFails().reason()).isEqualTo(Reason.TIMEOUT);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 12, 24, 6000, FakePeer.SETUP_RESPONSE_LENGTH - 1 })
	void silenceAfterAPartOfTheSetUpResponseIsATimeout(int part) {
		this.daemon.conversation((peer) -> {
			peer.readSetupRequest();
			peer.send(Arrays.copyOf(peer.setupResponse().bytes(), part));
		});
		assertThat(connectFails().reason()).isEqualTo(Reason.TIMEOUT);
	}

	@Test
	void aSetUpResponseThatComesInDripsIsATimeoutAndNotTheStartOfAnEndlessWait() {
		this.daemon.conversation((peer) -> {
			peer.readSetupRequest();
			Deadline deadline = Deadline.in(FakeClient.LIMIT.multipliedBy(2));
			for (byte drip : peer.setupResponse().bytes()) {
				peer.send(new byte[] { drip });
				for (int i = 0; i < 80 && !deadline.isOver(); i++) {
					deadline.pause();
				}
			}
		});
		assertThat(connectFails().reason()).isEqualTo(Reason.TIMEOUT);
	}

	@Test
	void silenceToTheFirstRequestIsATimeout() {
		this.daemon.on(CpgRequests.LOCAL_NODE, (request, peer) -> {
		});
		assertThat(connectFails().reason()).isEqualTo(Reason.TIMEOUT);
	}

	@Test
	void aRingThatIsNeverReportedHoldsAJoinForAWhileOnly() throws Exception {
		this.daemon.on(CpgRequests.JOIN, (request, peer) -> {
			CpgAddress member = new CpgAddress(FakeDaemon.NODE_ID, 4711);
			peer.joined(FakeClient.GROUP, member);
			peer.respond(Frames.response(CpgRequests.JOIN, CsError.OK, 24));
			peer.event(Frames.configurationChange(FakeClient.GROUP, List.of(member), List.of(),
					List.of(new CpgMember(member, CpgReason.JOIN))));
		});
		try (FakeClient client = FakeClient.join(this.daemon)) {
			CpgConfigurationChange join = (CpgConfigurationChange) client.awaitFirst();
			assertThat(join.view().ring()).isEqualTo(RingId.NONE);
			assertThat(join.view().members()).containsExactly(client.connection().localAddress());
		}
	}

	@Test
	void aJoinThatIsRefusedBecauseOfAGhostSaysSo() {
		this.daemon.counting(List.of(new CpgAddress(FakeDaemon.NODE_ID, 4711)));
		this.daemon.on(CpgRequests.JOIN, BrokenPeerTests::refuseOrders);
		try (FakeClient client = FakeClient.connect(this.daemon)) {
			CorosyncException ex = catchThrowableOfType(CorosyncException.class,
					() -> client.connection().join(FakeClient.GROUP, FakeClient.LIMIT));
			assertThat(ex).hasMessageContaining("ghost").hasMessageContaining("(memberId)");
			assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN);
			assertThat(client.connection().isOpen()).isTrue();
		}
	}

	/**
	 * While nothing is ordered, the end of the member that is counted may not be agreed.
	 */
	@Test
	void nobodyIsCalledAGhostWhileTheClusterOrdersNothing() {
		this.daemon.counting(List.of(new CpgAddress(FakeDaemon.NODE_ID, 4711)));
		this.daemon.on(CpgRequests.JOIN, (request, peer) -> {
			if (FakePeer.groupOf(request).equals(FakeClient.GROUP)) {
				peer.respond(Frames.response(CpgRequests.JOIN, CsError.TRY_AGAIN, 24));
			}
			else {
				peer.respond(Frames.response(CpgRequests.JOIN, CsError.OK, 24));
			}
		});
		try (FakeClient client = FakeClient.connect(this.daemon)) {
			CorosyncException ex = catchThrowableOfType(CorosyncException.class,
					() -> client.connection().join(FakeClient.GROUP, Duration.ofSeconds(5)));
			assertThat(ex.getMessage()).contains("refused").doesNotContain("ghost", "restart");
			assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN);
		}
	}

	private static void refuseOrders(TestFrame request, FakePeer peer) throws IOException {
		if (FakePeer.groupOf(request).equals(FakeClient.GROUP)) {
			peer.respond(Frames.response(CpgRequests.JOIN, CsError.TRY_AGAIN, 24));
		}
		else {
			FakeDaemon.join(request, peer);
		}
	}

	@Test
	void aFullNodeIsNotJoined() {
		AtomicInteger joins = new AtomicInteger();
		this.daemon.counting(LongStream.rangeClosed(1, 128).mapToObj((pid) -> new CpgAddress(1, pid)).toList());
		this.daemon.on(CpgRequests.JOIN, (request, peer) -> joins.incrementAndGet());
		try (FakeClient client = FakeClient.connect(this.daemon)) {
			CorosyncException ex = catchThrowableOfType(CorosyncException.class,
					() -> client.connection().join(FakeClient.GROUP, FakeClient.LIMIT));
			assertThat(ex).hasMessageContaining("128 members").hasMessageContaining("orders");
			assertThat(ex.error()).isEqualTo(CsError.NO_RESOURCES);
			assertThat(joins).hasValue(0);
		}
	}

	/** It is counted until the nodes have agreed on its end. */
	@Test
	void anEarlierMemberUnderTheSameIdTakesNoRoom() {
		this.daemon
			.counting(LongStream.rangeClosed(4711, 4711 + 127).mapToObj((pid) -> new CpgAddress(1, pid)).toList());
		try (FakeClient client = FakeClient.join(this.daemon)) {
			assertThat(client.connection().view().members()).containsExactly(client.connection().localAddress());
		}
	}

	@Test
	void membersOfOtherNodesTakeNoRoom() {
		this.daemon.counting(LongStream.rangeClosed(1, 500).mapToObj((pid) -> new CpgAddress(2, pid)).toList());
		try (FakeClient client = FakeClient.join(this.daemon)) {
			assertThat(client.connection().membership(FakeClient.GROUP)).hasSize(501);
		}
	}

	/** Somebody else took the last place between the count and the join. */
	@Test
	void aMemberThatFindsItsNodeFullLeavesAtOnceAndItsListenerIsNotNotifiedOfTheJoin() throws Exception {
		CompletableFuture<CpgGroupName> left = new CompletableFuture<>();
		this.daemon.on(CpgRequests.LEAVE, (request, peer) -> {
			left.complete(FakePeer.groupOf(request));
			peer.respond(Frames.response(CpgRequests.LEAVE, CsError.OK, 24));
		});
		this.daemon.on(CpgRequests.JOIN, BrokenPeerTests::joinFullNode);
		FakeClient client = FakeClient.connect(this.daemon);
		CorosyncException ex = fails(() -> client.connection().join(FakeClient.GROUP, FakeClient.LIMIT));
		assertThat(ex).hasMessageContaining("128 members");
		assertThat(left).succeedsWithin(FakeClient.LIMIT).isEqualTo(FakeClient.GROUP);
		assertThat(client.awaitLost()).isSameAs(ex);
		assertThat(client.events).isEmpty();
	}

	/** Else it would stay the one member too many. */
	@Test
	void aMemberThatFindsItsNodeFullIsGoneThoughItsLeaveIsRefused() throws Exception {
		this.daemon.on(CpgRequests.LEAVE,
				(request, peer) -> peer.respond(Frames.response(CpgRequests.LEAVE, CsError.BUSY, 24)));
		this.daemon.on(CpgRequests.JOIN, BrokenPeerTests::joinFullNode);
		FakeClient client = FakeClient.connect(this.daemon);
		CorosyncException ex = fails(() -> client.connection().join(FakeClient.GROUP, SHORT));
		assertThat(ex).hasMessageContaining("128 members");
		assertThat(client.awaitLost()).isSameAs(ex);
	}

	private static void joinFullNode(TestFrame request, FakePeer peer) throws IOException {
		CpgAddress member = new CpgAddress(FakeDaemon.NODE_ID, 4711);
		List<CpgAddress> members = LongStream.rangeClosed(4711, 4711 + 128)
			.mapToObj((pid) -> new CpgAddress(FakeDaemon.NODE_ID, pid))
			.toList();
		peer.joined(FakeClient.GROUP, member);
		peer.respond(Frames.response(CpgRequests.JOIN, CsError.OK, 24));
		peer.event(Frames.configurationChange(FakeClient.GROUP, members, List.of(),
				List.of(new CpgMember(member, CpgReason.JOIN))));
		peer.event(Frames.totemConfiguration(FakeDaemon.RING, (int) FakeDaemon.NODE_ID));
	}

	/** Whose connection for looking at the order gets no answer. */
	@Test
	void aJoinKeepsToItsLimitThoughTheDaemonTakesNoOtherConnection() {
		this.daemon.counting(List.of(new CpgAddress(FakeDaemon.NODE_ID, 4711)));
		this.daemon.on(CpgRequests.JOIN, BrokenPeerTests::refuseOrders);
		try (FakeClient client = FakeClient.connect(this.daemon, (builder) -> builder.requestTimeout(LONG))) {
			this.daemon.conversation((peer) -> {
			});
			CompletableFuture<CorosyncException> join = CompletableFuture
				.supplyAsync(() -> fails(() -> client.connection().join(FakeClient.GROUP, Duration.ofSeconds(4))));
			assertThat(join).succeedsWithin(FakeClient.LIMIT)
				.satisfies((ex) -> assertThat(ex.getMessage()).contains("refused").doesNotContain("ghost"));
		}
	}

	/**
	 * Who connects again when the listener is notified of the end would wait for ever.
	 */
	@Test
	void theListenerIsNotifiedOfTheEndWhereAnotherMemberIdIsTriedTooLate() {
		this.daemon.on(CpgRequests.JOIN,
				(request, peer) -> peer.respond(Frames.response(CpgRequests.JOIN, CsError.EXIST, 24)));
		CountDownLatch late = new CountDownLatch(1);
		CompletableFuture<CorosyncException> closed = new CompletableFuture<>();
		CorosyncConnector connector = CorosyncConnector.builder()
			.socketDirectory(this.daemon.directory())
			.threadFactory((task) -> new Thread(() -> runLate(task, late)))
			.build();
		try (CpgConnection connection = connector.connect(new CpgListener() {
			@Override
			public void closed(@Nullable CorosyncException cause) {
				closed.complete(cause);
			}
		})) {
			assertThat(fails(() -> connection.join(FakeClient.GROUP, SHORT.multipliedBy(2))).error())
				.isEqualTo(CsError.TIMEOUT);
			assertThat(connection.isOpen()).isFalse();
			assertThat(closed).succeedsWithin(FakeClient.LIMIT)
				.satisfies((cause) -> assertThat(cause).hasMessageContaining("not done"));
			late.countDown();
		}
	}

	/** As if the machine were so busy that one thread is not run for a while. */
	private static void runLate(Runnable task, CountDownLatch late) {
		if (Thread.currentThread().getName().endsWith("-delivery")) {
			Deadline.in(FakeClient.LIMIT).await(late);
		}
		task.run();
	}

	@Test
	void aJoinThatIsRefusedForAWhileIsAskedAgain() {
		AtomicInteger asked = new AtomicInteger();
		this.daemon.on(CpgRequests.JOIN, (request, peer) -> {
			asked.incrementAndGet();
			peer.respond(Frames.response(CpgRequests.JOIN, CsError.TRY_AGAIN, 24));
		});
		try (FakeClient client = FakeClient.connect(this.daemon)) {
			CorosyncException ex = catchThrowableOfType(CorosyncException.class,
					() -> client.connection().join(FakeClient.GROUP, Duration.ofSeconds(3)));
			assertThat(ex).hasMessageContaining("refused");
			assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN);
			assertThat(asked).hasValueGreaterThan(10);
			assertThat(client.connection().isOpen()).isTrue();
		}
	}

	@Test
	void aDaemonThatHangsUpAtOnceIsNotReady() {
		this.daemon.conversation(FakePeer::hangUp);
		assertThat(connectFails().reason()).isEqualTo(Reason.NOT_READY);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 24, FakePeer.SETUP_RESPONSE_LENGTH - 1 })
	void aDaemonThatHangsUpInTheMiddleOfTheSetUpResponseIsNotReady(int part) {
		this.daemon.conversation((peer) -> {
			peer.readSetupRequest();
			peer.send(Arrays.copyOf(peer.setupResponse().bytes(), part));
			peer.hangUp();
		});
		assertThat(connectFails().reason()).isEqualTo(Reason.NOT_READY);
	}

	@Test
	void aDaemonThatHangsUpInsteadOfAnsweringTheFirstRequestEndsTheConnect() {
		this.daemon.on(CpgRequests.LOCAL_NODE, (request, peer) -> peer.hangUp());
		assertThat(connectFails()).isNotNull();
	}

	@Test
	void aDaemonThatRefusesTheFirstRequestEndsTheConnectWithItsError() {
		this.daemon.on(CpgRequests.LOCAL_NODE,
				(request, peer) -> peer.respond(Frames.response(Frames.LOCAL_NODE_RESPONSE, CsError.SECURITY, 24)));
		CorosyncConnectException ex = connectFails();
		assertThat(ex.reason()).isEqualTo(Reason.PROTOCOL);
		assertThat(ex.error()).isEqualTo(CsError.SECURITY);
	}

	@Test
	void silenceToAJoinEndsTheConnection() throws Exception {
		this.daemon.on(CpgRequests.JOIN, (request, peer) -> {
		});
		FakeClient client = FakeClient.connect(this.daemon);
		CorosyncException ex = fails(() -> client.connection().join(FakeClient.GROUP, SHORT));
		assertThat(ex.error()).isEqualTo(CsError.TIMEOUT);
		assertThat(client.awaitLost()).isSameAs(ex);
	}

	@Test
	void aJoinThatIsGrantedButNeverAgreedEndsTheConnection() throws Exception {
		this.daemon.on(CpgRequests.JOIN,
				(request, peer) -> peer.respond(Frames.response(CpgRequests.JOIN, CsError.OK, 24)));
		FakeClient client = FakeClient.connect(this.daemon);
		CorosyncException ex = fails(() -> client.connection().join(FakeClient.GROUP, SHORT));
		assertThat(ex.error()).isEqualTo(CsError.TIMEOUT);
		assertThat(client.awaitLost()).isSameAs(ex);
	}

	@Test
	void silenceToALeaveEndsTheConnection() throws Exception {
		this.daemon.on(CpgRequests.LEAVE, (request, peer) -> {
		});
		FakeClient client = FakeClient.join(this.daemon);
		CorosyncException ex = fails(() -> client.connection().leave(SHORT));
		assertThat(ex.error()).isEqualTo(CsError.TIMEOUT);
		assertThat(client.awaitLost()).isSameAs(ex);
	}

	@Test
	void silenceToAMembershipRequestEndsTheConnectionAndTheSendsUnderWay() throws Exception {
		this.daemon.on(CpgRequests.MULTICAST, (request, peer) -> {
		});
		FakeClient client = FakeClient.connect(this.daemon, (builder) -> builder.requestTimeout(SHORT));
		client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
		this.daemon.on(CpgRequests.ITERATION_START, (request, peer) -> {
		});
		CompletableFuture<CpgView> send = client.send(new byte[10]);
		CorosyncException ex = fails(() -> client.connection().membership(FakeClient.GROUP));
		assertThat(ex.error()).isEqualTo(CsError.TIMEOUT);
		assertThat(client.awaitLost()).isSameAs(ex);
		assertThat(outcomeOf(send)).isEqualTo(Outcome.UNKNOWN);
	}

	@Test
	void silenceToAMulticastEndsItsFutureAndNotTheConnection() throws Exception {
		this.daemon.on(CpgRequests.MULTICAST, (request, peer) -> {
		});
		try (FakeClient client = FakeClient.connect(this.daemon, (builder) -> builder.sendTimeout(SHORT))) {
			client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
			assertThat(outcomeOf(client.send(new byte[10]))).isEqualTo(Outcome.UNKNOWN);
			assertThat(client.connection().isOpen()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { CpgRequests.JOIN, CpgRequests.LEAVE, CpgRequests.ITERATION_END, CpgRequests.MULTICAST })
	void aDaemonThatHangsUpInsteadOfAnsweringEndsTheConnection(int requestId) throws Exception {
		FakeClient client = FakeClient.connect(this.daemon);
		this.daemon.on(requestId, (request, peer) -> peer.hangUp());
		Throwable ex = catchThrowable(() -> {
			client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
			client.send(new byte[10]).get(FakeClient.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
			client.connection().membership(FakeClient.GROUP);
			client.connection().leave(FakeClient.LIMIT);
		});
		assertThat((ex instanceof ExecutionException) ? ex.getCause() : ex).isInstanceOf(CorosyncException.class);
		assertThat(client.awaitLost().error()).isEqualTo(CsError.LIBRARY);
	}

	@Test
	void aDaemonThatHangsUpAfterTheLastFragmentLeavesTheMessageUnknownAndNotUnsent() throws Exception {
		AtomicInteger fragments = new AtomicInteger();
		this.daemon.on(CpgRequests.PARTIAL_MULTICAST, (request, peer) -> {
			if (fragments.incrementAndGet() == 2) {
				peer.hangUp();
			}
			else {
				peer.respond(Frames.response(CpgRequests.PARTIAL_MULTICAST_RESPONSE, CsError.OK, 24));
			}
		});
		FakeClient client = FakeClient.join(this.daemon);
		CompletableFuture<CpgView> send = client
			.send(new byte[client.connection().limits().maxAtomicMessageSize() + 1]);
		assertThat(outcomeOf(send)).isEqualTo(Outcome.UNKNOWN);
		assertThat(client.awaitLost().error()).isEqualTo(CsError.LIBRARY);
	}

	@Test
	void aDaemonThatHangsUpAfterTheFirstFragmentLeavesTheMessageUnsent() throws Exception {
		this.daemon.on(CpgRequests.PARTIAL_MULTICAST, (request, peer) -> peer.hangUp());
		FakeClient client = FakeClient.join(this.daemon);
		byte[] message = new byte[client.connection().limits().maxAtomicMessageSize() + 1];
		assertThat(fails(() -> client.send(message))).isNotInstanceOf(CpgSendException.class);
		client.awaitLost();
	}

	@Test
	void aMessageThatIsWrittenUntilAfterTheEndIsNotSent() throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		FakePeer peer = this.daemon.peer();
		CorosyncException ex = fails(() -> client.connection().multicast(1, (target) -> {
			peer.hangUp();
			Awaitility.await().until(() -> !client.connection().isOpen());
			target.put((byte) 1);
		}));
		assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE);
		client.awaitLost();
	}

	@Test
	void aRequestPassesAMulticastThatWaitsForTheDaemon() throws Exception {
		FakeClient client = FakeClient.connect(this.daemon, (builder) -> builder.sendTimeout(FakeClient.LIMIT));
		client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
		FakePeer peer = this.daemon.peer();
		peer.ring(FakePeer.Ring.REQUEST).index(RingLayout.USER_WORD, NO_MULTICAST);
		CompletableFuture<CorosyncException> sending = new CompletableFuture<>();
		Thread sender = new Thread(() -> sending.complete(fails(() -> client.send(new byte[1]))));
		sender.start();
		Awaitility.await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		assertThat(client.connection().flowControl()).isEqualTo(CpgFlowControl.NO_MULTICAST);
		client.connection().leave(SHORT.multipliedBy(3));
		assertThat(sending).isNotDone();
		peer.ring(FakePeer.Ring.REQUEST).index(RingLayout.USER_WORD, 0);
		assertThat(sending.get(FakeClient.LIMIT.toMillis(), TimeUnit.MILLISECONDS).error())
			.isEqualTo(CsError.NOT_EXIST);
		client.close();
	}

	@Test
	void aDaemonThatHangsUpWhileNothingIsAskedEndsTheConnection() throws Exception {
		FakeClient client = FakeClient.join(this.daemon);
		this.daemon.peer().hangUp();
		assertThat(client.awaitLost()).hasMessageContaining("the daemon stopped, or died");
	}

	@ParameterizedTest
	@ValueSource(strings = { "outcomes", "delivery" })
	void aThreadThatCannotBeHadEndsTheConnectionAndTheListenerIsNotified(String role) throws Exception {
		FakeClient client = FakeClient.connect(this.daemon, (builder) -> builder.threadFactory(without(role)));
		assertThat(client.awaitLost()).hasMessageContaining("unable to create native thread");
	}

	@Test
	void withoutAThreadToOpenItThereIsNoConnection() {
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class,
				() -> FakeClient.connect(this.daemon, (builder) -> builder.threadFactory(without("reader"))));
		assertThat(ex.reason()).isEqualTo(CorosyncConnectException.Reason.NO_RESOURCES);
		assertThat(ex).hasMessageContaining("unable to create native thread");
	}

	/** All threads but one can be started. */
	private static ThreadFactory without(String role) {
		return (task) -> new Thread(task) {
			@Override
			public synchronized void start() {
				if (getName().endsWith("-" + role)) {
					throw new OutOfMemoryError("unable to create native thread: thrown by the test");
				}
				super.start();
			}
		};
	}

	/**
	 * Corosync reads the bells of what it has taken before it looks again. From a daemon
	 * that does not, the socket fills, and a sender would be held up for ever.
	 */
	@Test
	@Timeout(90)
	void aDaemonThatTakesRequestsButReadsNoBellsIsGivenUp() throws Exception {
		FakeClient client = FakeClient.connect(this.daemon, (builder) -> builder.sendTimeout(SHORT));
		client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
		this.daemon.on(CpgRequests.MULTICAST, (request, self) -> takeWithoutReadingBells(self, client));
		List<CompletableFuture<CpgView>> sends = new ArrayList<>();
		CompletableFuture<?> sending = CompletableFuture.runAsync(() -> {
			while (client.connection().isOpen()) {
				Throwable ex = catchThrowable(() -> sends.add(client.connection().multicast(new byte[1])));
				assertThat(ex).satisfiesAnyOf((none) -> assertThat(none).isNull(),
						(some) -> assertThat(some).isInstanceOf(CorosyncException.class));
			}
		});
		sending.get(FULL_SOCKET_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		assertThat(client.awaitLost()).hasMessageContaining("not the bells");
		Awaitility.await().atMost(FakeClient.LIMIT).until(() -> sends.stream().allMatch(CompletableFuture::isDone));
	}

	/** Counts down whatever the client counts, and hears nothing. */
	private static void takeWithoutReadingBells(FakePeer peer, FakeClient client) throws IOException {
		Deadline deadline = Deadline.in(FULL_SOCKET_LIMIT);
		while (client.connection().isOpen() && !deadline.isOver()) {
			MappedRing requests = peer.ring(FakePeer.Ring.REQUEST);
			int counted = requests.semaphore();
			if (counted > 0) {
				requests.index(RingLayout.READ_INDEX, requests.index(RingLayout.WRITE_INDEX));
				requests.addToSemaphore(-counted);
			}
			deadline.pause();
		}
	}

	private CorosyncConnectException connectFails() {
		CorosyncConnectException ex = catchThrowableOfType(CorosyncConnectException.class,
				() -> FakeClient.connect(this.daemon, (builder) -> builder.requestTimeout(SHORT)).close());
		assertThat(ex).as("a refusal").isNotNull();
		return ex;
	}

	private static CorosyncException fails(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		CorosyncException ex = catchThrowableOfType(CorosyncException.class, call);
		assertThat(ex).as("a failure").isNotNull();
		return ex;
	}

	private static Outcome outcomeOf(CompletableFuture<CpgView> send) {
		ExecutionException ex = catchThrowableOfType(ExecutionException.class,
				() -> send.get(FakeClient.LIMIT.toMillis(), TimeUnit.MILLISECONDS));
		assertThat(ex).as("a send that was not delivered").isNotNull();
		assertThat(ex.getCause()).isInstanceOf(CpgSendException.class);
		return ((CpgSendException) Objects.requireNonNull(ex.getCause())).outcome();
	}

}
