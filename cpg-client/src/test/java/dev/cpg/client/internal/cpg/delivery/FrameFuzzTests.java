package dev.cpg.client.internal.cpg.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.corosync.FakeTransport;
import dev.cpg.client.corosync.Fuzzing;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SuspectCheck;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * True frames of every kind, changed at random, are given to those who read them. Nothing
 * may come of it but what they say or a {@link CorosyncException}, and nothing may be
 * allocated beyond what has arrived.
 */
@Timeout(600)
class FrameFuzzTests {

	private static final int CASES = 100_000;

	private static final int MAX_MESSAGE = 1 << 20;

	/**
	 * What a frame of 10,000 bytes may lead to, and the loading of classes.
	 */
	private static final long SMALL = 1 << 20;

	private static final int EVENTS_OF_ONE_DECODER = 200;

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private static final CpgAddress LOCAL = new CpgAddress(1, 4711);

	private static final CpgAddress OTHER = new CpgAddress(2, 42);

	private static final TestFrame[] EVENTS = { Frames.deliver(GROUP, LOCAL, new byte[100]),
			Frames.deliver(GROUP, OTHER, new byte[0]), Frames.partialDeliver(GROUP, OTHER, 1, 300, new byte[100]),
			Frames.partialDeliver(GROUP, OTHER, 2, 300, new byte[100]),
			Frames.partialDeliver(GROUP, OTHER, 3, 300, new byte[100]),
			Frames.partialDeliver(GROUP, LOCAL, 1, 1 << 20, new byte[1000]),
			Frames.configurationChange(GROUP, List.of(LOCAL, OTHER), List.of(),
					List.of(new CpgMember(OTHER, CpgReason.JOIN))),
			Frames.configurationChange(GROUP, List.of(LOCAL), List.of(new CpgMember(OTHER, CpgReason.NODEDOWN)),
					List.of()),
			Frames.configurationChange(GROUP, many(128), List.of(), List.of()),
			Frames.totemConfiguration(new RingId(1, 0x30), 1, 2), Frames.totemConfiguration(new RingId(1, 0x34), 1) };

	private static final DeliverySink SINK = new DeliverySink() {

		@Override
		public boolean lends() {
			return false;
		}

		@Override
		public void accept(Delivery delivery) {
			assertThat(delivery.weight()).isPositive();
		}

	};

	private static final Request<?> JOIN = CpgRequests.join(GROUP, 1);

	private static final TestFrame[] RESPONSES = { Frames.localNode(1),
			Frames.response(JOIN.responseId(), CsError.OK, 24), Frames.response(JOIN.responseId(), CsError.EXIST, 24),
			Frames.response(CpgRequests.iterationStart().responseId(), CsError.OK, 32).with(24, 1),
			Frames.response(CpgRequests.iterationNext(1).responseId(), CsError.OK, 168).with(24, 6).with(160, 1) };

	/** One for all decoders, as each would log its first loss. */
	private final DroppedMessages dropped = new DroppedMessages(() -> GROUP, CorosyncSetting::toString);

	private final Reassembler reassembly = new Reassembler(LOCAL, MAX_MESSAGE, 4L * MAX_MESSAGE, this.dropped);

	private int events;

	private EventDecoder decoder = newDecoder();

	/** The first line in the log loads what writes it, which is no frame's doing. */
	FrameFuzzTests() {
		this.dropped.add(DroppedMessages.Cause.MALFORMED, OTHER, () -> "it is the first");
	}

	@Test
	void noEventLeadsToAnythingButWhatItSaysOrACorosyncException() {
		Fuzzing.run(CASES, 0.4, (random) -> {
			if (++this.events % EVENTS_OF_ONE_DECODER == 0) {
				this.decoder = newDecoder();
			}
			TestFrame frame = Fuzzing.mutate(random, EVENTS);
			CorosyncException ex = failureOf(() -> this.decoder.decode(frame, SINK));
			if (ex != null && ex.error() == CsError.NOT_EXIST) {
				// A change may say, validly, that this member is gone: that ends it.
				assertThat(ex).hasMessageContaining(LOCAL + ", as gone");
				this.decoder = newDecoder();
			}
			else if (ex != null) {
				assertThat(ex.error()).isEqualTo(CsError.MESSAGE_ERROR);
			}
		});
	}

	@Test
	void noResponseLeadsToAnythingButWhatItSaysOrACorosyncException() {
		List<Request<?>> requests = List.of(CpgRequests.localNode(), CpgRequests.iterationStart(GROUP), JOIN,
				CpgRequests.iterationStart(), CpgRequests.iterationNext(1));
		Fuzzing.run(CASES, 0.3, (random) -> {
			Request<?> request = requests.get(random.nextInt(requests.size()));
			TestFrame frame = Fuzzing.mutate(random, RESPONSES);
			if (random.nextBoolean() && frame.length() >= 24) {
				frame.with(Frames.ID, request.responseId()).with(Frames.ERROR, CsError.OK.code());
			}
			IpcConnection connection = IpcConnection.forRequests(new FakeTransport().answer(frame));
			CorosyncException ex = failureOf(
					() -> assertThat(connection.requests().ask(request, Deadline.in(Duration.ZERO))).isNotNull());
			boolean malformed = ex != null && ex.error() == CsError.MESSAGE_ERROR && frame.length() >= 24
					&& frame.getInt(Frames.ERROR) != CsError.MESSAGE_ERROR.code();
			if (malformed) {
				assertThat(connection.isEnded()).as("end after %s", ex).isTrue();
			}
		});
	}

	/** Runs a call, which may throw a CorosyncException only and must allocate little. */
	private static @Nullable CorosyncException failureOf(Runnable call) {
		long before = Fuzzing.allocated();
		CorosyncException failure = null;
		try {
			call.run();
		}
		catch (CorosyncException ex) {
			failure = ex;
		}
		assertThat(Fuzzing.allocated() - before).as("bytes allocated").isLessThan(SMALL);
		return failure;
	}

	private EventDecoder newDecoder() {
		MembershipState membership = new MembershipState(LOCAL);
		membership.beginJoin(GROUP);
		MessageDecoder messages = new MessageDecoder(membership, new PendingSends((send) -> {
		}, (due) -> {
		}), new ContentHash(), this.reassembly, this.dropped, null);
		ViewTracker views = new ViewTracker(membership, new SuspectCheck((group) -> List.of(), Runnable::run),
				TestSettings.DEFAULT, new Freshness(), messages);
		EventDecoder decoder = new EventDecoder(views, messages);
		decoder.decode(Frames.configurationChange(GROUP, List.of(LOCAL, OTHER), List.of(),
				List.of(new CpgMember(LOCAL, CpgReason.JOIN))), SINK);
		decoder.decode(Frames.totemConfiguration(FakeDaemon.RING, 1, 2), SINK);
		return decoder;
	}

	private static List<CpgAddress> many(int count) {
		return IntStream.range(0, count).mapToObj((i) -> new CpgAddress(i, i)).toList();
	}

}
