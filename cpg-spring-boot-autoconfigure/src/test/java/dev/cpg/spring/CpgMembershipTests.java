package dev.cpg.spring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.fake.FakeConnection;
import dev.cpg.fake.FakeConnector;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgObserver.Outcome;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.backoff.ExponentialBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class CpgMembershipTests {

	private static final CpgAddress OTHER = new CpgAddress(2, 200);

	private static final CpgGroupName ORDERS = CpgGroupName.of("orders");

	private final FakeConnector connector = new FakeConnector();

	private final RecordedEvents events = new RecordedEvents();

	private final List<String> observed = new CopyOnWriteArrayList<>();

	private boolean failFast;

	private Duration joinTimeout = Duration.ofSeconds(5);

	private Duration leaveTimeout = Duration.ofSeconds(5);

	private Duration slowListenerThreshold = Duration.ofSeconds(1);

	private Duration stallTimeout = Duration.ofSeconds(30);

	private final List<Throwable> errors = new CopyOnWriteArrayList<>();

	private ExponentialBackOff reconnect = new ExponentialBackOff(10, 1);

	private final List<CpgObserver> observers = new ArrayList<>(List.of(new CpgObserver() {

		@Override
		public void sent(String group, Outcome outcome, Duration took) {
			CpgMembershipTests.this.observed.add("sent " + outcome);
		}

		@Override
		public void reconnected(String group) {
			CpgMembershipTests.this.observed.add("reconnected");
		}

	}));

	private final List<CpgMembership> memberships = new ArrayList<>();

	private CpgMembership membership() {
		return membership(this.connector);
	}

	private CpgMembership membership(CpgConnector connector) {
		CpgMembershipSettings settings = new CpgMembershipSettings(this.failFast, this.joinTimeout, this.leaveTimeout,
				this.reconnect, this.slowListenerThreshold, this.stallTimeout);
		CpgMembership membership = CpgMembership.builder(connector, ORDERS, settings, this.events)
			.observers(this.observers)
			.errorHandler(this.errors::add)
			.build();
		this.memberships.add(membership);
		return membership;
	}

	private CpgMembership started() {
		CpgMembership membership = membership();
		membership.start();
		return membership;
	}

	@AfterEach
	void everyThreadEndsWithTheMembership() {
		this.memberships.forEach(CpgMembership::stop);
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.doesNotContain("cpg-orders-membership", "fake-delivery"));
	}

	@Test
	void isAMemberWhenStartReturns() {
		CpgGroup group = started().getGroup();
		assertThat(group.getState()).isEqualTo(State.JOINED);
		assertThat(group.getName()).isEqualTo("orders");
		assertThat(group.getLocalAddress()).isEqualTo(FakeConnection.LOCAL);
		assertThat(group.getMembers()).extracting(Member::address).containsExactly(FakeConnection.LOCAL);
		assertThat(group.getMembers()).extracting(Member::local).containsExactly(true);
		assertThat(group.getRing()).isEqualTo(FakeConnection.RING);
		assertThat(group.getFailure()).isNull();
		await().untilAsserted(() -> assertThat(group.getRingNodeIds()).containsExactly(1L));
	}

	@Test
	void publishesFromTheConnectionToItsEndInOrderAndOnOneThread() {
		CpgMembership membership = started();
		this.connector.connection().joined(OTHER, CpgReason.JOIN);
		this.connector.connection().deliver(OTHER, "hello".getBytes(StandardCharsets.UTF_8));
		membership.stop();
		assertThat(this.events.names()).containsExactly("Connected", "ConfigurationChange", "TotemConfigurationChange",
				"ConfigurationChange", "Deliver", "ConfigurationChange", "Disconnected");
		assertThat(this.events.threads()).containsOnly("fake-delivery");
	}

	@Test
	void eventsCarryWhatHappened() {
		Instant before = Instant.now().minusMillis(1);
		CpgMembership membership = started();
		this.connector.connection().joined(OTHER, CpgReason.NODEUP);
		this.connector.connection().deliver(OTHER, new byte[] { 1, 2 });
		membership.stop();
		assertThat(this.events.of(CpgConnectedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getLocalAddress()).isEqualTo(FakeConnection.LOCAL);
			assertThat(event.getView()).isEqualTo(CpgView.NONE);
			assertThat(event.getSource()).isSameAs(membership.getGroup());
		});
		assertThat(this.events.of(CpgConfigurationChangeEvent.class).get(1)).satisfies((event) -> {
			assertThat(event.getJoined()).hasToString("[2/200 NODEUP]");
			assertThat(event.getLeft()).isEmpty();
			assertThat(event.getView().members()).containsExactly(FakeConnection.LOCAL, OTHER);
		});
		assertThat(this.events.of(CpgTotemConfigurationChangeEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getRing()).isEqualTo(FakeConnection.RING);
			assertThat(event.getNodeIds()).containsExactly(1L);
		});
		assertThat(this.events.of(CpgDeliverEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getGroup()).isEqualTo("orders");
			assertThat(event.getSender()).isEqualTo(OTHER);
			assertThat(event.isLocal()).isFalse();
			assertThat(event.getPayload()).isEqualTo(new byte[] { 1, 2 });
			assertThat(event.getView().members()).containsExactly(FakeConnection.LOCAL, OTHER);
			assertThat(event.getTime()).isBetween(before, Instant.now().plusMillis(1));
		});
		assertThat(this.events.of(CpgDisconnectedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getCause()).isNull());
	}

	@Test
	void aListenerThatAsksTheGroupSeesWhatItsEventReports() {
		CpgMembership membership = membership();
		CpgGroup group = membership.getGroup();
		List<String> seen = new CopyOnWriteArrayList<>();
		this.events.onEvent((event) -> seen.add("%s members %s nodes %s failure %s".formatted(group.getState(),
				group.getView().members(), group.getRingNodeIds(), group.getFailure())));
		membership.start();
		this.connector.connection().joined(OTHER, CpgReason.JOIN);
		await().until(() -> seen.size() == 4);
		this.connector.connection().lose("gone");
		await().until(() -> seen.size() > 4);
		assertThat(seen.subList(0, 5)).containsExactly("CONNECTED members [] nodes [] failure null",
				"JOINED members [1/100] nodes [] failure null", "JOINED members [1/100] nodes [1] failure null",
				"JOINED members [1/100, 2/200] nodes [1] failure null",
				"DISCONNECTED members [] nodes [] failure dev.cpg.client.CorosyncException: gone (CS_ERR_LIBRARY)");
	}

	@Test
	void membersAreKnownSinceTheyWereFirstReported() {
		CpgGroup group = started().getGroup();
		Instant joined = group.getMembers().get(0).since();
		this.connector.connection().joined(OTHER, CpgReason.JOIN);
		await().until(() -> group.getMembers().size() == 2);
		assertThat(group.getMembers().get(0).since()).isEqualTo(joined);
		assertThat(group.getMembers().get(1).since()).isAfterOrEqualTo(joined);
	}

	@Test
	void aMembershipIsNotPretendedWhileEventsOfADeadConnectionStillWait() {
		CpgMembership membership = started();
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		this.connector.connection().deliver(OTHER, new byte[0]);
		await().until(() -> this.events.names().contains("Deliver"));
		this.connector.connection().lose("gone");
		CpgGroup group = membership.getGroup();
		assertThat(this.events.names()).doesNotContain("Disconnected");
		assertThat(group.getState()).isEqualTo(State.DISCONNECTED);
		assertThat(group.getMembers()).isEmpty();
		assertThat(group.getView()).isEqualTo(CpgView.NONE);
		assertThat(group.getRing()).isEqualTo(RingId.NONE);
		assertThat(group.getLocalAddress()).isNull();
		assertThat(membership.getDeliveryQueueBytes()).isEqualTo(1234);
		busy.countDown();
	}

	@Test
	void comesBackAfterTheConnectionWasLost() {
		started();
		this.connector.connection().lose("The daemon died");
		await().untilAsserted(() -> assertThat(this.events.names()).containsExactly("Connected", "ConfigurationChange",
				"TotemConfigurationChange", "Disconnected", "Connected", "ConfigurationChange",
				"TotemConfigurationChange"));
		assertThat(this.events.of(CpgDisconnectedEvent.class).get(0).getCause())
			.hasMessageStartingWith("The daemon died");
		assertThat(this.observed).containsExactly("reconnected");
	}

	@Test
	void connectsAgainOnlyAfterTheLastEventOfTheLostConnection() {
		CpgMembership membership = membership();
		membership.start();
		CountDownLatch busy = busyWith(CpgDisconnectedEvent.class);
		this.connector.connection().lose("gone");
		await().until(() -> this.events.names().contains("Disconnected"));
		await().during(Duration.ofMillis(100)).until(() -> this.connector.attempts() == 1);
		busy.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void startsWithoutADaemonAndJoinsWhenItIsThere() {
		this.connector.refuse(Reason.NOT_RUNNING);
		CpgMembership membership = started();
		assertThat(membership.isRunning()).isTrue();
		assertThat(membership.getGroup().getState()).isEqualTo(State.DISCONNECTED);
		assertThat(membership.getGroup().getFailure()).isInstanceOf(CorosyncConnectException.class);
		await().until(() -> this.connector.attempts() > 2);
		this.connector.accept();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		assertThat(membership.getGroup().getFailure()).isNull();
		assertThat(this.observed).isEmpty();
	}

	@Test
	void pausesBetweenAttemptsGrow() {
		this.connector.refuse(Reason.NOT_RUNNING);
		this.reconnect = new ExponentialBackOff(50, 100);
		started();
		await().until(() -> this.connector.attempts() == 2);
		await().during(Duration.ofMillis(300)).until(() -> this.connector.attempts() == 2);
	}

	@Test
	void failsFastWhenAskedTo() {
		this.failFast = true;
		this.connector.refuse(Reason.PERMISSION_DENIED);
		CpgMembership membership = membership();
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(membership::start)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.PERMISSION_DENIED));
		assertThat(membership.isRunning()).isFalse();
	}

	@Test
	void failsFastWhenTheJoinIsRefused() {
		this.failFast = true;
		this.connector.refuseJoins(new CorosyncException(CsError.EXIST, "Taken"));
		CpgMembership membership = membership();
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(membership::start)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.EXIST));
		assertThat(this.connector.connection().isOpen()).isFalse();
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void startingWaitsNoLongerThanTheJoinTimeout() {
		CountDownLatch hanging = this.connector.hang();
		this.joinTimeout = Duration.ofMillis(100);
		CpgMembership membership = started();
		assertThat(membership.getGroup().getState()).isEqualTo(State.DISCONNECTED);
		hanging.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void stoppingDuringAnAttemptToConnectDoesNotWaitForIt() throws Exception {
		CountDownLatch hanging = this.connector.hang();
		CpgMembership membership = membership();
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.connector.attempts() == 1);
		long before = System.nanoTime();
		membership.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
		hanging.countDown();
		start.get();
		await().untilAsserted(() -> assertThat(this.connector.connection().isOpen()).isFalse());
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void stoppingARunThatWaitsForTheOneBeforeReleasesItsStart() throws Exception {
		CountDownLatch hanging = this.connector.hang();
		this.joinTimeout = Duration.ofMinutes(1);
		CpgMembership membership = membership();
		CompletableFuture<Void> first = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.connector.attempts() == 1);
		membership.stop();
		CompletableFuture<Void> second = CompletableFuture.runAsync(membership::start);
		await().until(membership::isRunning);
		membership.stop();
		second.get(10, TimeUnit.SECONDS);
		hanging.countDown();
		first.get(10, TimeUnit.SECONDS);
		assertThat(this.connector.attempts()).isEqualTo(1);
	}

	@Test
	void aCheckedExceptionOfAConnectorIsAFailureLikeAnyOther() {
		this.connector.refuse(() -> CpgMembershipTests.<RuntimeException>sneak(new IOException("Not declared")));
		CpgMembership membership = started();
		assertThat(membership.getGroup().getFailure()).hasMessage("Not declared");
		this.connector.accept();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> RuntimeException sneak(Throwable failure) throws E {
		throw (E) failure;
	}

	@Test
	void stoppingWhileTheNamesAreAwaitedClosesWithoutAJoin() throws Exception {
		CompletableFuture<CpgNames> names = new CompletableFuture<>();
		CpgMembership membership = membership(withNames(names));
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.connector.connections().size() == 1);
		long before = System.nanoTime();
		membership.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
		start.get(3, TimeUnit.SECONDS);
		await().atMost(Duration.ofSeconds(3)).until(() -> !this.connector.connection().isOpen());
		names.complete(CpgNames.NONE);
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void namesThatNeverComeDelayTheJoinOnlyForATime() {
		this.joinTimeout = Duration.ofSeconds(20);
		CpgMembership membership = membership(withNames(new CompletableFuture<>()));
		membership.start();
		assertThat(membership.getGroup().getState()).isEqualTo(State.JOINED);
	}

	private CpgConnector withNames(CompletableFuture<CpgNames> names) {
		return new CpgConnector() {

			@Override
			public CpgConnection connect(CpgListener listener) {
				return CpgMembershipTests.this.connector.connect(listener);
			}

			@Override
			public CompletableFuture<CpgNames> names() {
				return names;
			}

		};
	}

	@Test
	void stoppingDuringAJoinWaitsForItToLeaveAgain() throws Exception {
		CountDownLatch join = this.connector.hangJoins();
		CpgMembership membership = membership();
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> membership.getGroup().getState() == State.CONNECTED);
		CompletableFuture<Void> stop = CompletableFuture.runAsync(membership::stop);
		await().during(Duration.ofMillis(100)).until(() -> this.connector.connection().isOpen());
		join.countDown();
		stop.get();
		start.get();
		assertThat(this.connector.connection().isLeft()).isTrue();
	}

	@Test
	void stoppingDuringAJoinWaitsNoLongerThanTheLeaveTimeout() throws Exception {
		this.connector.hangJoins();
		this.leaveTimeout = Duration.ofMillis(200);
		CpgMembership membership = membership();
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> membership.getGroup().getState() == State.CONNECTED);
		long before = System.nanoTime();
		membership.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
		start.get();
		assertThat(this.connector.connection().isOpen()).isFalse();
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void aJoinThatTakesLongerThanTheStartWaitsIsNotGivenUp() {
		CountDownLatch join = this.connector.hangJoins();
		this.joinTimeout = Duration.ofMillis(50);
		CpgMembership membership = started();
		assertThat(membership.getGroup().getState()).isEqualTo(State.CONNECTED);
		await().during(Duration.ofMillis(200)).until(() -> this.connector.attempts() == 1);
		join.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		assertThat(this.connector.attempts()).isOne();
	}

	@Test
	void stoppingDuringAPauseEndsIt() {
		this.connector.refuse(Reason.NOT_RUNNING);
		this.reconnect = new ExponentialBackOff(60_000, 1);
		started().stop();
	}

	@Test
	void leavesInOrder() {
		started().stop();
		assertThat(this.connector.connection().isLeft()).isTrue();
		assertThat(this.connector.connection().isOpen()).isFalse();
	}

	@Test
	void stoppingWaitsNoLongerThanTheLeaveTimeoutForAListenerAndPublishesNothingAfterwards(CapturedOutput output) {
		this.leaveTimeout = Duration.ofMillis(200);
		CpgMembership membership = started();
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		this.connector.connection().deliver(OTHER, new byte[0]);
		await().until(() -> this.events.names().contains("Deliver"));
		membership.stop();
		assertThat(output).contains("Left group 'orders'")
			.contains("Group 'orders' was left, but not all listeners have returned within 200 ms")
			.contains("A listener has been busy with CpgDeliverEvent[")
			.doesNotContain("Leaving group 'orders' takes longer");
		List<String> published = this.events.names();
		// It would keep the JVM.
		await().untilAsserted(() -> assertThat(threadNames()).doesNotContain("cpg-orders-membership"));
		busy.countDown();
		await().untilAsserted(() -> assertThat(threadNames()).doesNotContain("cpg-orders-membership"));
		assertThat(this.events.names()).isEqualTo(published);
		assertThat(published).last().isEqualTo("Deliver");
		assertThat(this.connector.connection().isLeft()).isTrue();
	}

	@Test
	void aLeaveThatTakesTooLongIsReportedOnce(CapturedOutput output) throws Exception {
		this.leaveTimeout = Duration.ofMillis(200);
		CountDownLatch leave = this.connector.hangLeaves();
		CpgMembership membership = started();
		membership.stop();
		leave.countDown();
		await().untilAsserted(() -> assertThat(threadNames()).doesNotContain("cpg-orders-membership"));
		// By the thread that stops or by the one that leaves, whichever is first.
		assertThat(output.toString().lines().filter((line) -> line.contains(" WARN "))).singleElement()
			.asString()
			.containsAnyOf("Leaving group 'orders' takes longer than 200 ms", "Group 'orders' was not left in order");
	}

	@Test
	void severalAreStartedAtTheSameTime() {
		this.joinTimeout = Duration.ofSeconds(30);
		CountDownLatch joins = this.connector.hangJoins();
		List<CpgMembership> memberships = List.of(membership(), membership(), membership());
		CompletableFuture<Void> start = CompletableFuture.runAsync(() -> CpgMembership.start(memberships));
		await().until(() -> this.connector.attempts() == 3);
		assertThat(start).isNotDone();
		joins.countDown();
		assertThat(start).succeedsWithin(Duration.ofSeconds(10));
		assertThat(memberships).allMatch((membership) -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void whoJoinsAndLeavesIsLogged(CapturedOutput output) {
		started();
		this.connector.connection().joined(OTHER, CpgReason.NODEUP);
		this.connector.connection().left(OTHER, CpgReason.PROCDOWN);
		await().untilAsserted(() -> assertThat(output)
			.contains("Group 'orders': joined [%s NODEUP], left [], now 2 members on ring".formatted(OTHER))
			.contains("Group 'orders': joined [], left [%s PROCDOWN], now 1 member on ring".formatted(OTHER)));
	}

	@Test
	void whyItIsNoMemberIsLoggedOnceForEachReasonWhateverTheTexts(CapturedOutput output) {
		this.connector.refuse(() -> new CorosyncConnectException(Reason.SHARED_MEMORY_NOT_SHARED, CsError.LIBRARY,
				"There is no /dev/shm/qb-" + this.connector.attempts(), null));
		started();
		await().until(() -> this.connector.attempts() > 5);
		this.connector.refuse(Reason.NOT_RUNNING);
		await().untilAsserted(() -> assertThat(output).contains("There is no daemon here"));
		assertThat(output.toString().lines().filter((line) -> line.contains(" WARN "))).hasSize(2)
			.allMatch((line) -> line
				.contains("Not a member of group 'orders'; will keep trying in the background: There is"));
	}

	@Test
	void whatOnlyAnotherProcessCanMendIsLoggedAsThat(CapturedOutput output) {
		this.connector.refuse(Reason.NATIVE_LIBRARY);
		started();
		await().untilAsserted(() -> assertThat(output)
			.contains("Not a member of group 'orders'; restart this process to join: There is")
			.doesNotContain("keep trying"));
	}

	@Test
	void timeLimitsThatAreNotPositiveAreRefused() {
		this.slowListenerThreshold = Duration.ZERO;
		assertThatIllegalArgumentException().isThrownBy(this::membership)
			.withMessage("The slow listener threshold must be positive, but was PT0S");
	}

	@Test
	@SuppressWarnings("NullAway")
	void nothingCannotBeSent() {
		CpgTemplate template = new CpgTemplate(started());
		Stream
			.of(template.multicast((byte[]) null), template.multicast((String) null),
					template.convertAndMulticast(null), template.convertAndMulticast("text", null))
			.forEach((send) -> assertThat(send).failsWithin(Duration.ZERO)
				.withThrowableThat()
				.withCauseInstanceOf(CorosyncException.class)
				.withMessageContaining("is null"));
	}

	@Test
	void aSecondStopWaitsForTheLastEventToo() throws Exception {
		CpgMembership membership = started();
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		this.connector.connection().deliver(OTHER, new byte[0]);
		await().until(() -> this.events.names().contains("Deliver"));
		CompletableFuture<Void> first = CompletableFuture.runAsync(membership::stop);
		await().until(() -> this.connector.connection().isLeaving());
		CompletableFuture<Void> second = CompletableFuture.runAsync(membership::stop);
		await().during(Duration.ofMillis(200)).until(() -> !second.isDone());
		busy.countDown();
		first.get(5, TimeUnit.SECONDS);
		second.get(5, TimeUnit.SECONDS);
		assertThat(this.events.names()).last().isEqualTo("Disconnected");
		membership.stop();
	}

	@Test
	void aLossIsReportedAtOnceThoughAListenerIsBusy(CapturedOutput output) {
		this.slowListenerThreshold = Duration.ofMillis(50);
		CpgMembership membership = started();
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		this.connector.connection().deliver(OTHER, new byte[0]);
		await().until(() -> this.events.names().contains("Deliver"));
		this.connector.connection().lose("Gone");
		assertThat(membership.getGroup().getState()).isEqualTo(State.DISCONNECTED);
		assertThat(membership.getGroup().getFailure()).hasMessageContaining("Gone");
		assertThat(membership.getDeliveryLag()).isEqualTo(Duration.ofMillis(1500));
		assertThat(membership.getDeliveryQueueBytes()).isEqualTo(1234);
		await().untilAsserted(() -> assertThat(output).contains("Lost the connection of group 'orders': Gone")
			.contains("Reconnecting once the listeners have processed the 1234 bytes still queued."));
		assertThat(this.connector.attempts()).isOne();
		busy.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		assertThat(output).contains("connecting again: Gone");
	}

	@Test
	void aListenerMayStopTheMembership() {
		CpgMembership membership = started();
		this.events.onEvent((event) -> {
			if (event instanceof CpgDeliverEvent<?>) {
				membership.stop();
			}
		});
		this.connector.connection().deliver(OTHER, new byte[0]);
		await().atMost(Duration.ofSeconds(3)).until(() -> !this.connector.connection().isOpen());
		assertThat(this.connector.connection().isLeft()).isTrue();
	}

	@Test
	void leavesInOrderHoweverSoonAfterTheStart() {
		for (int i = 0; i < 100; i++) {
			started().stop();
			assertThat(this.connector.connection().isLeft()).isTrue();
		}
	}

	@Test
	void startsAgainAfterAStop() {
		CpgMembership membership = started();
		CpgGroup group = membership.getGroup();
		membership.stop();
		assertThat(group.getState()).isEqualTo(State.DISCONNECTED);
		membership.start();
		assertThat(group.getState()).isEqualTo(State.JOINED);
		assertThat(this.connector.connections()).hasSize(2);
		assertThat(this.observed).isEmpty();
	}

	@Test
	void startsAgainOnlyWhenTheLastListenerOfTheRunBeforeIsDone() {
		this.leaveTimeout = Duration.ofMillis(50);
		this.joinTimeout = Duration.ofMillis(200);
		CpgMembership membership = started();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		this.connector.connection().deliver(OTHER, new byte[0]);
		await().until(() -> this.events.names().contains("Deliver"));
		membership.stop();
		membership.start();
		assertThat(this.connector.connections()).hasSize(1);
		busy.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void startsAgainOnlyThenHoweverManyRunsWereStoppedInBetween() {
		this.leaveTimeout = Duration.ofMillis(50);
		this.joinTimeout = Duration.ofMillis(100);
		CpgMembership membership = started();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		this.connector.connection().deliver(OTHER, new byte[0]);
		await().until(() -> this.events.names().contains("Deliver"));
		membership.stop();
		membership.start();
		membership.stop();
		membership.start();
		await().during(Duration.ofMillis(100)).until(() -> this.connector.connections().size() == 1);
		busy.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void thereIsOneThreadThoughTheRunBeforeHasNotEnded() {
		this.joinTimeout = Duration.ofMillis(100);
		CountDownLatch hanging = this.connector.hang();
		CpgMembership membership = started();
		membership.stop();
		membership.start();
		assertThat(threadNames()).containsOnlyOnce("cpg-orders-membership");
		hanging.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		assertThat(threadNames()).containsOnlyOnce("cpg-orders-membership");
	}

	@Test
	void aListenerThatThrowsDoesNotStopTheNextEvent() {
		this.events.onEvent((event) -> {
			throw new AssertionError("A listener's mistake");
		});
		CpgMembership membership = started();
		membership.stop();
		assertThat(this.events.names()).startsWith("Connected").endsWith("Disconnected");
		assertThat(this.errors).hasSameSizeAs(this.events.names())
			.allSatisfy((error) -> assertThat(error).isInstanceOf(CpgListenerException.class)
				.hasCauseInstanceOf(AssertionError.class));
		assertThat(this.errors).first(type(CpgListenerException.class))
			.satisfies((error) -> assertThat(error.getEvent()).isInstanceOf(CpgConnectedEvent.class));
	}

	@Test
	void aListenerThatIsBusyForTooLongIsReported() {
		this.stallTimeout = Duration.ofMillis(100);
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		CpgMembership membership = started();
		assertThat(membership.getStalledListener()).isNull();
		this.connector.connection().deliver(FakeConnection.LOCAL, new byte[1]);
		await().untilAsserted(() -> assertThat(membership.getStalledListener())
			.startsWith("A listener has been busy with CpgDeliverEvent[group=orders"));
		busy.countDown();
		await().until(() -> membership.getStalledListener() == null);
	}

	@Test
	void aSlowListenerIsNamedWhileItIsBusyAndAgainstTheNextRunsEventsToo(CapturedOutput output) {
		this.slowListenerThreshold = Duration.ofMillis(50);
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		started();
		this.connector.connection().deliver(FakeConnection.LOCAL, new byte[1]);
		await().untilAsserted(() -> assertThat(output).contains("A listener has been busy with CpgDeliverEvent"));
		busy.countDown();
	}

	@Test
	void membersOnNodesThatTheRingDoesNotHaveAreSuspects() {
		CpgGroup group = started().getGroup();
		assertThat(group.getSuspects()).isEmpty();
		this.connector.connection().joined(new CpgAddress(2, 200), CpgReason.JOIN);
		await().untilAsserted(() -> assertThat(group.getSuspects()).extracting(Member::address)
			.containsExactly(new CpgAddress(2, 200)));
		this.connector.connection().left(new CpgAddress(2, 200), CpgReason.NODEDOWN);
		await().until(() -> group.getSuspects().isEmpty());
	}

	@Test
	void aNodeThatIsAddedIsShownByItsName() {
		this.connector.names(new CpgNames("bakery", Map.of(1L, "oven")));
		CpgGroup group = started().getGroup();
		assertThat(group.getNames().format(FakeConnection.LOCAL)).isEqualTo("oven/100");
		CpgAddress added = new CpgAddress(2, 200);
		this.connector.names(new CpgNames("bakery", Map.of(1L, "oven", 2L, "mill")));
		this.connector.connection()
			.ringChanged(new RingId(1, 48), List.of(FakeConnection.LOCAL, added), List.of(),
					List.of(new CpgMember(added, CpgReason.JOIN)));
		await().untilAsserted(() -> assertThat(group.getNames().format(added)).isEqualTo("mill/200"));
		assertThat(group.getState()).isEqualTo(State.JOINED);
	}

	@Test
	void namesThatAreAllKnownAreNotReadAgain() {
		this.connector.names(new CpgNames("bakery", Map.of(1L, "oven")));
		CpgGroup group = started().getGroup();
		this.connector.connection().joined(new CpgAddress(1, 101), CpgReason.JOIN);
		await().until(() -> group.getMembers().size() == 2);
		assertThat(this.connector.namesRead()).isEqualTo(1);
	}

	/** A lack of memory or threads must not be answered with more of both. */
	@Test
	void namesThatCannotBeReadAreNotReadAgainWithoutAPause() {
		this.connector.failNames(new OutOfMemoryError("unable to create native thread"));
		CpgGroup group = started().getGroup();
		this.connector.connection().joined(new CpgAddress(2, 200), CpgReason.JOIN);
		await().until(() -> group.getMembers().size() == 2);
		await().during(Duration.ofMillis(300)).until(() -> this.connector.namesRead() <= 2);
	}

	@Test
	void aCrowdedNodeIsWarnedOfOnce(CapturedOutput output) {
		this.connector.names(new CpgNames("bakery", Map.of(1L, "oven")));
		CpgGroup group = started().getGroup();
		for (int pid = 101; pid < 99 + 100; pid++) {
			this.connector.connection().joined(new CpgAddress(1, pid), CpgReason.JOIN);
		}
		await().until(() -> group.getMembers().size() == 99);
		assertThat(group.getSnapshot().crowd()).isNull();
		for (int pid = 300; pid < 310; pid++) {
			this.connector.connection().joined(new CpgAddress(1, pid), CpgReason.JOIN);
		}
		await().until(() -> group.getMembers().size() == 109);
		assertThat(group.getSnapshot().crowd())
			.isEqualTo("109 members are on node oven, and a node's 129th is refused");
		assertThat(output.toString().lines().filter((line) -> line.contains("crowded"))).singleElement()
			.asString()
			.contains("WARN")
			.contains("Group 'orders' is crowded: 100 members are on node oven");
	}

	/** A process that is started again and again would fill the log. */
	@Test
	void theMemberThatMakesACrowdMayComeAndGoWithoutAWarningEachTime(CapturedOutput output) {
		CpgGroup group = started().getGroup();
		for (int pid = 101; pid < 99 + 100; pid++) {
			this.connector.connection().joined(new CpgAddress(1, pid), CpgReason.JOIN);
		}
		for (int i = 0; i < 20; i++) {
			this.connector.connection().joined(new CpgAddress(1, 300), CpgReason.JOIN);
			this.connector.connection().left(new CpgAddress(1, 300), CpgReason.PROCDOWN);
		}
		this.connector.connection().joined(new CpgAddress(1, 301), CpgReason.JOIN);
		await().until(() -> group.getSnapshot().crowd() != null
				&& group.getMembers().stream().anyMatch((member) -> member.address().pid() == 301));
		assertThat(output.toString().lines().filter((line) -> line.contains("crowded"))).hasSize(1);
	}

	@Test
	void manyMembersOnOtherNodesAreACrowdToo() {
		CpgGroup group = started().getGroup();
		for (int pid = 1; pid <= 128; pid++) {
			this.connector.connection().joined(new CpgAddress(2 + pid % 3, pid), CpgReason.JOIN);
		}
		await().until(() -> group.getMembers().size() == 1 + 128);
		assertThat(group.getSnapshot().crowd()).isNull();
		this.connector.connection().joined(new CpgAddress(2, 129), CpgReason.JOIN);
		await().until(() -> group.getMembers().size() == 1 + 129);
		assertThat(group.getSnapshot().crowd()).startsWith("129 members are on other nodes");
	}

	@Test
	void isSynchronizingWhileTheDaemonTakesNoMessages() {
		CpgMembership membership = membership();
		assertThat(membership.getGroup().isSynchronizing()).isFalse();
		membership.start();
		assertThat(membership.getGroup().isSynchronizing()).isFalse();
		this.connector.connection().takesMessages(false);
		assertThat(membership.getGroup().isSynchronizing()).isTrue();
		assertThat(membership.getGroup().getState()).as("still").isEqualTo(State.JOINED);
	}

	@Test
	void aTemplateMayHaveALimitOfItsOwnAndNotWait() {
		CpgTemplate template = new CpgTemplate(started());
		FakeConnection connection = this.connector.connection();
		var unused = template.multicast("the connector's limit");
		assertThat(connection.sendTimeout()).isEqualTo(connection.limits().sendTimeout());
		CpgTemplate hasty = template.mutate().sendTimeout(Duration.ofMillis(300)).build();
		unused = hasty.multicast("its own");
		assertThat(connection.sendTimeout()).isEqualTo(Duration.ofMillis(300));
		connection.takesMessages(false);
		unused = hasty.multicast("waits anyway");
		CpgTemplate trying = hasty.mutate().waiting(false).build();
		assertThat(trying.multicast("does not")).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(CorosyncException.class,
					(ex) -> assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN));
		connection.takesMessages(true);
		unused = trying.multicast("now it does");
		assertThat(this.observed).containsExactly("sent REJECTED");
		await().untilAsserted(() -> assertThat(this.events.of(CpgDeliverEvent.class)).hasSize(4));
		assertThatIllegalArgumentException().isThrownBy(() -> template.mutate().sendTimeout(Duration.ZERO));
	}

	@Test
	void anObserverThatThrowsCostsNoEvent() {
		this.observers.add(0, new CpgObserver() {

			@Override
			public void reconnected(String group) {
				throw new IllegalStateException("An observer's mistake");
			}

		});
		CpgMembership membership = started();
		this.connector.connection().lose("gone");
		await()
			.until(() -> this.connector.connections().size() == 2 && membership.getGroup().getState() == State.JOINED);
		assertThat(this.observed).containsExactly("reconnected");
	}

	@Test
	void anObserverThatEndsInAnErrorCostsNoEvent() {
		this.observers.add(0, new CpgObserver() {

			@Override
			public void configurationChanged(CpgConfigurationChange change) {
				throw new AssertionError("An observer's mistake");
			}

			@Override
			public void delivered(CpgMessage message) {
				throw new NoClassDefFoundError("An observer's mistake");
			}

		});
		this.failFast = true;
		started();
		this.connector.connection().deliver(OTHER, new byte[] { 1 });
		await().untilAsserted(() -> assertThat(this.events.names()).containsExactly("Connected", "ConfigurationChange",
				"TotemConfigurationChange", "Deliver"));
	}

	@Test
	void sendsBytesAndText() {
		CpgTemplate template = new CpgTemplate(started());
		var first = template.multicast(new byte[] { 1 });
		var second = template.multicast("größer");
		assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);
		this.connector.connection().send().complete(this.connector.connection().view());
		assertThat(first).isCompletedWithValueMatching((view) -> view.members().contains(FakeConnection.LOCAL));
		await().untilAsserted(() -> assertThat(this.events.of(CpgDeliverEvent.class)).map((event) -> event.getPayload())
			.containsExactly(new byte[] { 1 }, "größer".getBytes(StandardCharsets.UTF_8)));
		assertThat(this.observed).containsExactly("sent DELIVERED", "sent DELIVERED");
	}

	@Test
	void distinguishesLostFromUnknown() {
		CpgTemplate template = new CpgTemplate(started());
		var lost = template.multicast("lost");
		this.connector.connection()
			.send()
			.completeExceptionally(
					new CpgSendException(CpgSendException.Outcome.LOST, CsError.FAILED_OPERATION, "Dropped", null));
		assertThat(lost).isCompletedExceptionally();
		this.connector.connection().lose("gone");
		await().until(() -> this.connector.connections().size() == 2 && this.observed.contains("reconnected"));
		var unused = template.multicast("unknown");
		this.connector.connection()
			.send()
			.completeExceptionally(
					new CpgSendException(CpgSendException.Outcome.UNKNOWN, CsError.TIMEOUT, "Too late", null));
		assertThat(this.observed).containsExactly("sent LOST", "reconnected", "sent UNKNOWN");
	}

	@Test
	void sendingWithoutAMembershipFailsInTheFutureAndSaysWhy() {
		this.connector.refuse(Reason.NOT_RUNNING);
		CompletableFuture<CpgView> outcome = new CpgTemplate(started()).multicast("hello");
		assertThat(outcome).isCompletedExceptionally();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		var unused = outcome.whenComplete((view, ex) -> failure.set(ex));
		assertThat(failure.get()).isInstanceOfSatisfying(CorosyncException.class, (ex) -> {
			assertThat(ex.error()).isEqualTo(CsError.NOT_EXIST);
			assertThat(ex).hasMessageContaining("not a member").hasCauseInstanceOf(CorosyncConnectException.class);
		});
		assertThat(this.observed).containsExactly("sent REJECTED");
	}

	private static List<String> threadNames() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
	}

	private CountDownLatch busyWith(Class<? extends CpgEvent> type) {
		CountDownLatch busy = new CountDownLatch(1);
		this.events.onEvent((event) -> {
			if (type.isInstance(event)) {
				awaitLatch(busy);
			}
		});
		return busy;
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
