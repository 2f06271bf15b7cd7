package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.corosync.FakePeer.ChunkLie;
import dev.cpg.client.corosync.FakePeer.Ring;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import dev.cpg.client.internal.ipc.memory.RingCorruptException;
import dev.cpg.client.internal.ipc.memory.RingLayout;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A daemon that was honest until a client joined, and then lies, in its frames and in its
 * rings. What a lie that matters leads to is the same always, and
 * {@link FakeClient#awaitLost()} looks at it: one close, nothing left.
 */
@Timeout(30)
class LyingDaemonTests {

	private static final CpgAddress MEMBER = new CpgAddress(FakeDaemon.NODE_ID, 4711);

	private static final CpgAddress OTHER = new CpgAddress(2, 42);

	@TempDir
	private Path directory;

	private FakeDaemon daemon;

	private FakeClient client;

	private FakePeer peer;

	@BeforeEach
	void join() throws IOException {
		this.daemon = new FakeDaemon(this.directory);
		this.client = FakeClient.join(this.daemon);
		this.peer = this.daemon.peer();
	}

	@AfterEach
	void stop() throws IOException {
		this.client.close();
		this.daemon.close();
	}

	@Test
	void anHonestDaemonIsBelieved() throws Exception {
		CompletableFuture<CpgView> send = this.client.send(new byte[] { 1, 2, 3 });
		assertThat(send.get(10, TimeUnit.SECONDS)).isEqualTo(new CpgView(FakeDaemon.RING, List.of(MEMBER)));
		this.peer.event(deliver(100));
		this.client.awaitMessages(2);
		assertThat(this.client.connection().membership(FakeClient.GROUP)).containsExactly(MEMBER);
		this.client.connection().leave(FakeClient.LIMIT);
		assertThat(this.client.connection().isOpen()).isTrue();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void anEventThatCannotBeEndsTheConnection(String lie, TestFrame event) throws Exception {
		this.daemon.on(CpgRequests.MULTICAST, (request, self) -> {
		});
		CompletableFuture<CpgView> send = this.client.send(new byte[5]);
		this.peer.event(event);
		assertThat(this.client.awaitLost().error()).as(lie).isEqualTo(CsError.MESSAGE_ERROR);
		ExecutionException ex = catchThrowableOfType(ExecutionException.class, () -> send.get(10, TimeUnit.SECONDS));
		assertThat(ex).hasCauseInstanceOf(CpgSendException.class);
	}

	static Stream<Arguments> anEventThatCannotBeEndsTheConnection() {
		int[] counts = { Integer.MIN_VALUE, -1, 3, 128, 385, 0x0AAA_AAAB, Integer.MAX_VALUE };
		Stream<Arguments> changes = Stream.of(160, 168, 176)
			.flatMap((field) -> Arrays.stream(counts)
				.mapToObj((count) -> arguments("change with %d at %d".formatted(count, field),
						change().with(field, count))));
		Stream<Arguments> totems = Arrays.stream(counts)
			.mapToObj((count) -> arguments("ring of %d nodes".formatted(count), totem().with(40, count)));
		Stream<Arguments> cuts = Stream.of(arguments("nothing", new TestFrame(0)),
				arguments("half a header", deliver(1).resized(23)),
				arguments("half a deliver", deliver(1).resized(183)),
				arguments("a deliver without its last byte", deliver(100).resized(283)),
				arguments("half a fragment", fragment(FragmentType.FIRST, 200).resized(199)),
				arguments("a fragment without its last byte", fragment(FragmentType.FIRST, 200).resized(299)),
				arguments("half a change", change().resized(183)),
				arguments("a change without its last member", change().resized(change().length() - 1)),
				arguments("half a ring", totem().resized(43)),
				arguments("a ring without its last node", totem().resized(totem().length() - 1)));
		return Stream.of(changes, totems, cuts).flatMap((lies) -> lies);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void whatAnotherMemberChoseIsDroppedAndCountedWhateverItIs(String lie, TestFrame event) throws Exception {
		this.peer.event(event);
		this.peer.event(fragment(FragmentType.FIRST, 200));
		this.peer.event(fragment(FragmentType.LAST, 200));
		this.client.awaitMessages(1);
		assertThat(this.client.messages()).as(lie)
			.singleElement()
			.satisfies((it) -> assertThat(it.length()).isEqualTo(200));
		assertThat(this.client.connection().statistics().droppedMessages()).isOne();
		assertThat(this.client.connection().isOpen()).isTrue();
	}

	static Stream<Arguments> whatAnotherMemberChoseIsDroppedAndCountedWhateverItIs() {
		Stream<Arguments> messages = Arrays.stream(new int[] { Integer.MIN_VALUE, -1, 101, Integer.MAX_VALUE })
			.mapToObj((length) -> arguments("message of %d bytes in 100".formatted(length),
					deliver(100).with(160, length)));
		Stream<Arguments> wholes = Arrays
			.stream(new int[] { Integer.MIN_VALUE, -1, Integer.MAX_VALUE, (16 << 20) + 1, 99, 0 })
			.mapToObj((length) -> arguments("first fragment of a message of %d bytes".formatted(length),
					fragment(FragmentType.FIRST, length)));
		Stream<Arguments> lengths = Arrays.stream(new int[] { Integer.MIN_VALUE, -1, 101, Integer.MAX_VALUE })
			.mapToObj((length) -> arguments("fragment of %d bytes in 100".formatted(length),
					fragment(FragmentType.FIRST, 200).with(168, length)));
		Stream<Arguments> types = Arrays.stream(new int[] { Integer.MIN_VALUE, -1, 0, 4, Integer.MAX_VALUE })
			.mapToObj((type) -> arguments("fragment of type " + type, fragment(type, 200)));
		Stream<Arguments> others = Stream.of(arguments("last fragment alone", fragment(FragmentType.LAST, 200)));
		return Stream.of(messages, wholes, lengths, types, others).flatMap((lies) -> lies);
	}

	@Test
	void aGroupOfMoreProcessesThanThereAreNodesIsAGroup() throws Exception {
		List<CpgAddress> members = Stream
			.concat(Stream.of(MEMBER), IntStream.range(0, 1000).mapToObj((pid) -> new CpgAddress(2, pid)))
			.toList();
		this.peer.event(Frames.configurationChange(FakeClient.GROUP, members, List.of(),
				members.stream().skip(1).map((member) -> new CpgMember(member, CpgReason.JOIN)).toList()));
		this.peer.event(deliver(10));
		this.client.awaitMessages(1);
		assertThat(this.client.connection().view().members()).isEqualTo(members);
	}

	@Test
	void aGroupWhoseNameIsNoneIsLeftOutOfTheGroups() {
		Queue<TestFrame> members = new ArrayDeque<>();
		for (int length : new int[] { 0, 6, -1, 129, Integer.MAX_VALUE }) {
			TestFrame member = Frames.response(CpgRequests.iterationNext(1).responseId(), CsError.OK, 168);
			member.with(24, length).with(160, 1).with(164, 4711).putBytes(32, FakeClient.GROUP.toBytes(), 0, 6);
			members.add(member);
		}
		members.add(Frames.response(CpgRequests.iterationNext(1).responseId(), CsError.NO_SECTIONS, 168));
		this.daemon.on(CpgRequests.ITERATION_START, (request, self) -> self
			.respond(Frames.response(CpgRequests.iterationStart().responseId(), CsError.OK, 32)));
		this.daemon.on(CpgRequests.ITERATION_NEXT, (request, self) -> self.respond(members.remove()));
		this.daemon.on(CpgRequests.ITERATION_END, (request, self) -> self
			.respond(Frames.response(CpgRequests.iterationEnd(1).responseId(), CsError.OK, 24)));
		assertThat(this.client.connection().groups()).containsOnly(Map.entry(FakeClient.GROUP, List.of(MEMBER)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void aChunkThatCannotBeEndsTheConnection(String lie, ChunkLie chunk) throws Exception {
		this.peer.event(deliver(100), chunk);
		assertThat(this.client.awaitLost()).as(lie).hasRootCauseInstanceOf(RingCorruptException.class);
	}

	static Stream<Arguments> aChunkThatCannotBeEndsTheConnection() {
		Stream<Arguments> lengths = Arrays
			.stream(new int[] { Integer.MIN_VALUE, -1, FakePeer.RING_WORDS * RingLayout.WORD, Integer.MAX_VALUE })
			.mapToObj((length) -> chunk("length " + length, (ring, index) -> ring.chunkLength(index, length)));
		Stream<Arguments> magics = Arrays
			.stream(new int[] { 0, RingLayout.MAGIC_ALLOC, RingLayout.MAGIC_DEAD, 0x5555_5555 })
			.mapToObj((magic) -> chunk("magic %08x".formatted(magic), (ring, index) -> ring.magic(index, magic)));
		return Stream.concat(lengths, magics);
	}

	@Test
	void aChunkShorterThanItsFrameEndsTheConnection() throws Exception {
		this.peer.event(deliver(100), (ring, index) -> ring.chunkLength(index, 184 + 99));
		assertThat(this.client.awaitLost().error()).isEqualTo(CsError.MESSAGE_ERROR);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4096, 10_000 })
	void bellsWithoutEventsEndTheConnection(int bells) throws Exception {
		this.peer.bell(bells);
		assertThat(this.client.awaitLost()).hasRootCauseInstanceOf(RingCorruptException.class);
	}

	@Test
	void moreBellsThanEventsEndTheConnectionAfterTheEvents() throws Exception {
		this.peer.put(Ring.EVENT, deliver(10), (ring, index) -> {
		});
		this.peer.bell(2);
		assertThat(this.client.awaitLost()).hasRootCauseInstanceOf(RingCorruptException.class);
		assertThat(this.client.messages()).hasSize(1);
	}

	@Test
	void anyByteIsABell() throws Exception {
		this.peer.put(Ring.EVENT, deliver(10), (ring, index) -> {
		});
		this.peer.send(new byte[] { (byte) 0xFF });
		this.client.awaitMessages(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 1_000, Integer.MAX_VALUE })
	void whatTheSemaphoreOfTheEventsCountsIsNotBelievedButTheBells(int count) throws Exception {
		this.peer.ring(Ring.EVENT).addToSemaphore(count);
		this.peer.event(deliver(10));
		this.client.awaitMessages(1);
		assertThat(this.client.messages()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, FakePeer.RING_WORDS, Integer.MAX_VALUE })
	void aReadIndexOutsideOfTheRequestRingEndsTheConnectionOfTheNextSender(int index) throws Exception {
		this.peer.ring(Ring.REQUEST).index(RingLayout.READ_INDEX, index);
		CorosyncException ex = catchThrowableOfType(CorosyncException.class, () -> this.client.send(new byte[5]));
		assertThat(ex).isNotNull();
		assertThat(this.client.awaitLost()).hasRootCauseInstanceOf(RingCorruptException.class);
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, 0, 3, 6, 14, 18, 1_000, Integer.MAX_VALUE })
	void anEventOfAKindThatIsNotKnownIsPassedOver(int id) throws Exception {
		this.peer.event(new TestFrame(64).with(Frames.ID, id).with(Frames.SIZE, 64));
		this.peer.event(deliver(10));
		this.client.awaitMessages(1);
		assertThat(this.client.connection().isOpen()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 129, Integer.MAX_VALUE })
	void theGroupNameOfAnEventIsNotReadSoItsLengthCannotHarm(int length) throws Exception {
		this.peer.event(deliver(10).with(24, length));
		this.peer.event(change().with(24, length));
		this.client.awaitMessages(1);
		assertThat(this.client.messages().get(0).group()).isEqualTo(FakeClient.GROUP);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void anAnswerThatCannotBeEndsTheConnection(String lie, UnaryOperator<TestFrame> response) throws Exception {
		this.daemon.on(CpgRequests.ITERATION_START,
				(request, self) -> self.respond(response.apply(Frames.iterationStart())));
		CorosyncException ex = membershipFails();
		assertThat(ex.error()).as(lie).isEqualTo(CsError.MESSAGE_ERROR);
		assertThat(this.client.awaitLost()).isSameAs(ex);
	}

	static Stream<Arguments> anAnswerThatCannotBeEndsTheConnection() {
		return Stream.of(response("an answer to a join", (frame) -> frame.with(Frames.ID, CpgRequests.JOIN)),
				response("an answer to nothing", (frame) -> frame.with(Frames.ID, -1)),
				response("nothing", (frame) -> frame.resized(0)),
				response("half a header", (frame) -> frame.resized(23)),
				response("a header alone", (frame) -> frame.resized(24)));
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 29, 31, 1_000, Integer.MAX_VALUE })
	void anErrorThatIsNotKnownIsAnErrorAllTheSame(int error) {
		this.daemon.on(CpgRequests.ITERATION_START, (request, self) -> self.respond(
				Frames.response(CpgRequests.iterationStart().responseId(), CsError.OK, 24).with(Frames.ERROR, error)));
		assertThat(membershipFails().error()).isEqualTo(CsError.LIBRARY);
		assertThat(this.client.connection().isOpen()).isTrue();
	}

	@Test
	void anAnswerWhoseChunkCannotBeEndsTheConnection() throws Exception {
		this.daemon.on(CpgRequests.ITERATION_START, (request, self) -> self.put(Ring.RESPONSE, Frames.iterationStart(),
				(ring, index) -> ring.chunkLength(index, Integer.MAX_VALUE)));
		CorosyncException ex = membershipFails();
		assertThat(ex).hasRootCauseInstanceOf(RingCorruptException.class);
		assertThat(this.client.awaitLost()).isSameAs(ex);
	}

	@Test
	void anAnswerThatIsCountedButNotThereEndsTheConnection() throws Exception {
		this.daemon.on(CpgRequests.ITERATION_START, (request, self) -> self.ring(Ring.RESPONSE).addToSemaphore(1));
		CorosyncException ex = membershipFails();
		assertThat(ex).hasRootCauseInstanceOf(RingCorruptException.class);
		assertThat(this.client.awaitLost()).isSameAs(ex);
	}

	@Test
	void anEventOfAGroupBeforeAnyJoinEndsTheConnection() throws Exception {
		this.client.close();
		FakeClient stranger = FakeClient.connect(this.daemon);
		this.daemon.peer().event(deliver(10));
		assertThat(stranger.awaitLost().error()).isEqualTo(CsError.MESSAGE_ERROR);
		assertThat(stranger.events).isEmpty();
	}

	@Test
	void aChangeOfAGroupBeforeAnyJoinEndsTheConnection() throws Exception {
		this.client.close();
		FakeClient stranger = FakeClient.connect(this.daemon);
		FakePeer strangersPeer = this.daemon.peer();
		strangersPeer.event(change());
		strangersPeer.event(totem());
		assertThat(stranger.awaitLost().error()).isEqualTo(CsError.MESSAGE_ERROR);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, -1, Integer.MIN_VALUE })
	void aFlowControlThatIsNotKnownLetsNothingThroughAndHoldsNobodyForLong(int word) throws Exception {
		try (FakeClient sender = FakeClient.connect(this.daemon,
				(builder) -> builder.sendTimeout(java.time.Duration.ofMillis(200)))) {
			FakePeer sendersPeer = this.daemon.peer();
			sender.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
			sendersPeer.ring(Ring.REQUEST).index(RingLayout.USER_WORD, word);
			CorosyncException ex = catchThrowableOfType(CorosyncException.class, () -> sender.send(new byte[5]));
			assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN);
		}
	}

	private CorosyncException membershipFails() {
		CorosyncException ex = catchThrowableOfType(CorosyncException.class,
				() -> this.client.connection().membership(CpgGroupName.of("others")));
		assertThat(ex).as("a failure").isNotNull();
		return ex;
	}

	private static Arguments chunk(String lie, ChunkLie chunk) {
		return arguments(lie, chunk);
	}

	private static Arguments response(String lie, UnaryOperator<TestFrame> response) {
		return arguments(lie, response);
	}

	private static TestFrame deliver(int length) {
		return Frames.deliver(FakeClient.GROUP, OTHER, new byte[length]);
	}

	private static TestFrame fragment(int type, int wholeLength) {
		return Frames.partialDeliver(FakeClient.GROUP, OTHER, type, wholeLength, new byte[100]);
	}

	private static TestFrame change() {
		return Frames.configurationChange(FakeClient.GROUP, List.of(MEMBER, OTHER), List.of(), List.of());
	}

	private static TestFrame totem() {
		return Frames.totemConfiguration(new RingId(1, 0x30), 1, 2);
	}

}
