package dev.cpg.client.internal.cpg.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.membership.ExpelledException;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.membership.SuspectCheck;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The two threads that bring events to the listener, on a transport without a daemon.
 */
@Timeout(30)
class EventPumpTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private static final CpgAddress LOCAL = new CpgAddress(1, 4711);

	private static final CpgAddress OTHER = new CpgAddress(2, 42);

	private final EventTransport transport = new EventTransport();

	private final Listener listener = new Listener();

	private @Nullable CpgInterceptor interceptor;

	private Freshness freshness = new Freshness();

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicReference<EventPump> pump = new AtomicReference<>();

	private final IpcConnection connection = IpcConnection.withEvents(this.transport, () -> {
	}, () -> this.pump.get().removeBound());

	@AfterEach
	void close() throws InterruptedException {
		this.listener.mayReturn.countDown();
		this.connection.end(null);
		for (Thread thread : this.threads) {
			thread.join(LIMIT.toMillis());
			assertThat(thread.isAlive()).as(thread.getName()).isFalse();
		}
	}

	@Test
	void whatComesWhileTheListenerRunsIsReadAndDeliveredInOrderOnTheSameThread() {
		EventPump pump = start(TestSettings.DEFAULT);
		message(0);
		Awaitility.await().atMost(LIMIT).until(() -> this.listener.lengths.equals(List.of(0)));
		IntStream.rangeClosed(1, 100).forEach(this::message);
		Awaitility.await().atMost(LIMIT).until(() -> pump.queuedBytes() > 100 * Delivery.WEIGHT);
		assertThat(this.listener.lengths).as("delivered while the first call runs").containsExactly(0);
		this.listener.mayReturn.countDown();
		Awaitility.await().atMost(LIMIT).until(() -> this.listener.lengths.size() == 101);
		assertThat(this.listener.lengths).isEqualTo(IntStream.rangeClosed(0, 100).boxed().toList());
		assertThat(this.listener.callers).containsOnly("delivery");
		Awaitility.await().atMost(LIMIT).until(() -> pump.queuedBytes() == 0 && pump.lagNanos() == 0);
	}

	@Test
	void whatAnEventLedToBeforeItFailedIsDeliveredBeforeTheEnd() {
		this.listener.mayReturn.countDown();
		EventPump pump = start(TestSettings.DEFAULT);
		change(List.of(LOCAL), List.of(new CpgMember(OTHER, CpgReason.NODEDOWN)));
		change(List.of(), List.of(new CpgMember(LOCAL, CpgReason.PROCDOWN)));
		this.transport.event(Frames.totemConfiguration(new RingId(1, 0x34), 1));
		assertThat(pump.awaitDelivered(Deadline.in(LIMIT))).isTrue();
		assertThat(this.listener.left).containsExactly(OTHER);
		assertThat(this.listener.cause).isInstanceOf(ExpelledException.class);
	}

	@Test
	void aFrameThatCannotBeReadEndsTheConnectionWithTheReason() {
		this.listener.mayReturn.countDown();
		EventPump pump = start(TestSettings.DEFAULT);
		message(7);
		this.transport.event(Frames.totemConfiguration(FakeDaemon.RING, 1).with(40, 1000));
		assertThat(pump.awaitDelivered(Deadline.in(LIMIT))).isTrue();
		assertThat(this.listener.lengths).containsExactly(7);
		assertThat(this.listener.cause).isInstanceOfSatisfying(CorosyncException.class,
				(cause) -> assertThat(cause.error()).isEqualTo(CsError.MESSAGE_ERROR));
	}

	@Test
	void theGroupIsLeftWhenTheQueueIsFullIfTheApplicationWantsThat() {
		EventPump pump = start(new SessionSettings(Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(10), 1000,
				CpgOverflow.LEAVE, 1 << 20, 1 << 22, 0, () -> CpgQuorum.NONE, CorosyncSetting::toString));
		message(0);
		Awaitility.await().atMost(LIMIT).until(() -> this.listener.lengths.equals(List.of(0)));
		message(500);
		message(501);
		Awaitility.await().atMost(LIMIT).until(this.connection::isEnded);
		assertThat(this.transport.requestIds()).containsExactly(CpgRequests.LEAVE);
		this.listener.mayReturn.countDown();
		assertThat(pump.awaitDelivered(Deadline.in(LIMIT))).isTrue();
		assertThat(this.listener.lengths).as("what had room").containsExactly(0, 500);
		assertThat(this.listener.cause).isInstanceOfSatisfying(CorosyncException.class, (cause) -> {
			assertThat(cause.error()).isEqualTo(CsError.QUEUE_FULL);
			assertThat(cause.setting()).isEqualTo(CorosyncSetting.DELIVERY_QUEUE_CAPACITY);
		});
	}

	@Test
	void aReaderThatWaitsForRoomGoesOnWhenTheConnectionEnds() {
		EventPump pump = start(new SessionSettings(Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(10), 1000,
				CpgOverflow.BLOCK, 1 << 20, 1 << 22, 0, () -> CpgQuorum.NONE, CorosyncSetting::toString));
		message(0);
		Awaitility.await().atMost(LIMIT).until(() -> this.listener.lengths.equals(List.of(0)));
		IntStream.rangeClosed(1, 20).forEach((i) -> message(500 + i));
		Awaitility.await().atMost(LIMIT).until(() -> pump.queuedBytes() > 500);
		assertThat(pump.queuedBytes()).isLessThanOrEqualTo(1000);
		this.connection.end(null);
		Awaitility.await().atMost(LIMIT).until(() -> !this.threads.get(0).isAlive());
		this.listener.mayReturn.countDown();
		assertThat(pump.awaitDelivered(Deadline.in(LIMIT))).isTrue();
		assertThat(this.listener.lengths).startsWith(0, 501);
	}

	@Test
	void anInterceptorSeesEventsWhileTheListenerIsBusyAndWhatItPostsIsRunAtItsPlace() {
		Interceptor interceptor = new Interceptor();
		this.interceptor = interceptor;
		EventPump pump = start(TestSettings.DEFAULT);
		message(0);
		Awaitility.await().atMost(LIMIT).until(() -> this.listener.lengths.equals(List.of(0)));
		message(1);
		message(Interceptor.CONSUMED);
		message(2);
		message(Interceptor.BAD);
		Awaitility.await().atMost(LIMIT).until(() -> interceptor.seen.size() == 7);
		pump.post(() -> this.listener.lengths.add(-9));
		message(3);
		Awaitility.await().atMost(LIMIT).until(() -> interceptor.seen.size() == 8);
		assertThat(interceptor.seen).containsExactly("members", "ring", "0", "1", "99", "2", "98", "3");
		assertThat(interceptor.callers).containsOnly("reader");
		assertThat(this.listener.lengths).as("delivered while the first call runs").containsExactly(0);
		this.listener.mayReturn.countDown();
		this.connection.end(null);
		assertThat(pump.awaitDelivered(Deadline.in(LIMIT))).isTrue();
		assertThat(this.listener.lengths).containsExactly(0, 1, -99, 2, 98, -9, 3);
		assertThat(interceptor.seen).endsWith("closed");
		pump.post(() -> this.listener.lengths.add(-1));
		assertThat(this.listener.lengths).doesNotContain(-1);
	}

	@Test
	void nothingCanBePostedWithoutAnInterceptor() {
		EventPump pump = start(TestSettings.DEFAULT);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> pump.post(() -> {
		})).extracting(CorosyncException::error).isEqualTo(CsError.BAD_OPERATION);
	}

	@Test
	void aListenerIsCurrentOnceItWasNotifiedOfAllChangesThatHaveArrived() {
		start(TestSettings.DEFAULT);
		message(0);
		Awaitility.await().atMost(LIMIT).until(() -> this.listener.lengths.equals(List.of(0)));
		assertThat(this.freshness.isCurrent(2)).as("the join and its ring").isTrue();
		assertThat(this.freshness.isCurrent(1)).isFalse();
		change(List.of(LOCAL), List.of(new CpgMember(OTHER, CpgReason.LEAVE)));
		Awaitility.await().atMost(LIMIT).until(() -> !this.freshness.isCurrent(2));
		assertThat(this.listener.left).isEmpty();
		assertThat(this.freshness.isCurrent(3)).isTrue();
		change(List.of(LOCAL, OTHER), List.of(), List.of(new CpgMember(OTHER, CpgReason.NODEUP)));
		Awaitility.await("a change that waits for its ring").atMost(LIMIT).until(() -> !this.freshness.isCurrent(3));
		this.transport.event(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2));
		Awaitility.await().atMost(LIMIT).until(() -> this.freshness.isCurrent(5));
	}

	@Test
	void aListenerIsNotCurrentWhileItsFullQueueKeepsChangesFromArriving() {
		EventPump pump = start(new SessionSettings(Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(10), 1000,
				CpgOverflow.BLOCK, 1 << 20, 1 << 22, 0, () -> CpgQuorum.NONE, CorosyncSetting::toString));
		message(0);
		Awaitility.await().atMost(LIMIT).until(() -> this.listener.lengths.equals(List.of(0)));
		message(600);
		Awaitility.await().atMost(LIMIT).until(() -> pump.queuedBytes() > 600);
		assertThat(this.freshness.isCurrent(2)).isTrue();
		message(601);
		Awaitility.await().atMost(LIMIT).until(() -> !this.freshness.isCurrent(2));
		this.listener.mayReturn.countDown();
		Awaitility.await().atMost(LIMIT).until(() -> this.freshness.isCurrent(2));
	}

	/** Starts the threads, and joins. */
	private EventPump start(SessionSettings settings) {
		MembershipState membership = new MembershipState(LOCAL);
		membership.beginJoin(GROUP);
		OutcomeDispatcher outcomes = new OutcomeDispatcher((task) -> {
		}, null, (due) -> {
		});
		PendingSends pending = new PendingSends(outcomes::add, (due) -> {
		});
		DroppedMessages dropped = new DroppedMessages(membership::group, settings.names());
		MessageDecoder messages = new MessageDecoder(membership, pending, new ContentHash(),
				new Reassembler(LOCAL, 1 << 20, 1 << 22, dropped), dropped, null);
		Receiver receiver = new Receiver(this.listener, this.interceptor);
		this.freshness = receiver.freshness();
		ViewTracker views = new ViewTracker(membership, new SuspectCheck((group) -> List.of(), (task) -> {
		}), settings, this.freshness, messages);
		EventPump pump = new EventPump(this.connection, membership, new EventDecoder(views, messages),
				new ListenerDispatcher(this.listener, membership, (fault) -> {
				}), receiver, new BurstFlush(pending, outcomes, this.connection, () -> {
				}), settings);
		this.pump.set(pump);
		start("reader", () -> {
			pump.read();
			pump.interceptEnd(this.connection.endCause());
			pump.end(this.connection.endCause());
		});
		start("delivery", pump::deliver);
		this.transport.event(Frames.configurationChange(GROUP, List.of(LOCAL, OTHER), List.of(),
				List.of(new CpgMember(LOCAL, CpgReason.JOIN))));
		this.transport.event(Frames.totemConfiguration(FakeDaemon.RING, 1, 2));
		return pump;
	}

	private void start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		this.threads.add(thread);
	}

	/** Sends a message, which its length identifies. */
	private void message(int length) {
		this.transport.event(Frames.deliver(GROUP, OTHER, new byte[length]));
	}

	private void change(List<CpgAddress> members, List<CpgMember> left) {
		change(members, left, List.of());
	}

	private void change(List<CpgAddress> members, List<CpgMember> left, List<CpgMember> joined) {
		this.transport.event(Frames.configurationChange(GROUP, members, left, joined));
	}

	/** Posts for a message that it consumes, and throws on a bad one. */
	private final class Interceptor implements CpgInterceptor {

		private static final int CONSUMED = 99;

		private static final int BAD = 98;

		private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

		private final List<String> callers = Collections.synchronizedList(new ArrayList<>());

		private void see(String event) {
			this.callers.add(Thread.currentThread().getName());
			this.seen.add(event);
		}

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			see("members");
		}

		@Override
		public boolean consume(CpgMessage message) {
			see("" + message.buffer().remaining());
			if (message.length() == BAD) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("This interceptor fails, as the test has it");
			}
			if (message.length() == CONSUMED) {
				EventPumpTests.this.pump.get().post(() -> EventPumpTests.this.listener.lengths.add(-CONSUMED));
			}
			return message.length() == CONSUMED;
		}

		@Override
		public void totemChanged(CpgTotemConfiguration configuration) {
			see("ring");
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			see("closed");
		}

	}

	/** Returns from its calls with a message when it may. */
	private static final class Listener implements CpgListener {

		private final CountDownLatch mayReturn = new CountDownLatch(1);

		private final List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());

		private final List<String> callers = Collections.synchronizedList(new ArrayList<>());

		private final List<CpgAddress> left = Collections.synchronizedList(new ArrayList<>());

		private volatile @Nullable CorosyncException cause;

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			change.left().forEach((member) -> this.left.add(member.address()));
		}

		@Override
		public void delivered(CpgMessage message) {
			this.callers.add(Thread.currentThread().getName());
			this.lengths.add(message.length());
			try {
				assertThat(this.mayReturn.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			this.cause = cause;
		}

	}

}
