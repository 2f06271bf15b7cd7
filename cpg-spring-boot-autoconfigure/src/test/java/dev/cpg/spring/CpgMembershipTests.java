package dev.cpg.spring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgObserver.Outcome;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import dev.cpg.test.TestMember;
import dev.cpg.test.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
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

	private static final String DAEMON_DIED = "The daemon of node 1 ended the connection";

	private static final CpgGroupName ORDERS = CpgGroupName.of("orders");

	@AutoClose
	private final ServiceNode node = new ServiceNode();

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
		return membership(this.node);
	}

	private CpgMembership membership(CpgConnector connector) {
		return membership(connector, ORDERS);
	}

	private CpgMembership membership(CpgConnector connector, CpgGroupName group) {
		CpgMembershipSettings settings = new CpgMembershipSettings(this.failFast, this.joinTimeout, this.leaveTimeout,
				this.reconnect, this.slowListenerThreshold, this.stallTimeout);
		CpgMembership membership = CpgMembership.builder(connector, group, settings, this.events)
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

	/** Has a listener called with a message of another member. */
	private void deliver() {
		this.node.join("orders").send("hello").join();
		await().until(() -> this.events.names().contains("Deliver"));
	}

	@AfterEach
	void everyThreadEndsWithTheMembership() {
		this.node.daemon().resume();
		this.memberships.forEach(CpgMembership::stop);
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.doesNotContain("cpg-orders-membership"));
	}

	@Test
	void isAMemberWhenStartReturns() {
		CpgGroup group = started().getGroup();
		assertThat(group.getState()).isEqualTo(State.JOINED);
		assertThat(group.getName()).isEqualTo("orders");
		assertThat(group.getLocalAddress()).isEqualTo(ServiceNode.LOCAL);
		assertThat(group.getMembers()).extracting(Member::address).containsExactly(ServiceNode.LOCAL);
		assertThat(group.getMembers()).extracting(Member::local).containsExactly(true);
		assertThat(group.getRing()).isEqualTo(this.node.connection().view().ring());
		assertThat(group.getFailure()).isNull();
		await().untilAsserted(() -> assertThat(group.getRingNodeIds()).containsExactly(1L, 2L));
	}

	@Test
	void publishesFromTheConnectionToItsEndInOrderAndNotOnItsOwnThread() {
		CpgMembership membership = started();
		this.node.join("orders").send("hello").join();
		membership.stop();
		assertThat(this.events.names()).containsExactly("Connected", "ConfigurationChange", "TotemConfigurationChange",
				"ConfigurationChange", "Deliver", "ConfigurationChange", "Disconnected");
		assertThat(this.events.threads()).doesNotContain("cpg-orders-membership", Thread.currentThread().getName());
	}

	@Test
	void eventsCarryWhatHappened() {
		Instant before = Instant.now().minusMillis(1);
		this.node.cluster().partition(Set.of(1));
		TestMember other = this.node.join("orders");
		CpgMembership membership = started();
		RingId ring = this.node.connection().view().ring();
		this.node.cluster().heal();
		await().until(() -> membership.getGroup().getMembers().size() == 2);
		other.send(new byte[] { 1, 2 }).join();
		membership.stop();
		assertThat(this.events.of(CpgConnectedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getLocalAddress()).isEqualTo(ServiceNode.LOCAL);
			assertThat(event.getView()).isEqualTo(CpgView.NONE);
			assertThat(event.getSource()).isSameAs(membership.getGroup());
		});
		assertThat(this.events.of(CpgConfigurationChangeEvent.class).get(1)).satisfies((event) -> {
			assertThat(event.getJoined()).hasToString("[%s NODEUP]".formatted(other.address()));
			assertThat(event.getLeft()).isEmpty();
			assertThat(event.getView().members()).containsExactly(ServiceNode.LOCAL, other.address());
		});
		assertThat(this.events.of(CpgTotemConfigurationChangeEvent.class)).hasSize(2).first().satisfies((event) -> {
			assertThat(event.getRing()).isEqualTo(ring);
			assertThat(event.getNodeIds()).containsExactly(1L);
		});
		assertThat(this.events.of(CpgDeliverEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getGroup()).isEqualTo("orders");
			assertThat(event.getSender()).isEqualTo(other.address());
			assertThat(event.isLocal()).isFalse();
			assertThat(event.getPayload()).isEqualTo(new byte[] { 1, 2 });
			assertThat(event.getView().members()).containsExactly(ServiceNode.LOCAL, other.address());
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
		this.events.onEvent((event) -> {
			if (!(event instanceof CpgQuorumChangeEvent)) {
				seen.add("%s members %s nodes %s failure %s".formatted(group.getState(), group.getView().members(),
						group.getRingNodeIds(), group.getFailure()));
			}
		});
		membership.start();
		CpgAddress other = this.node.join("orders").address();
		await().until(() -> seen.size() == 4);
		this.node.restart();
		await().until(() -> seen.size() > 4);
		assertThat(seen.subList(0, 5)).containsExactly("CONNECTED members [] nodes [] failure null",
				"JOINED members [1/100] nodes [] failure null", "JOINED members [1/100] nodes [1, 2] failure null",
				"JOINED members [1/100, %s] nodes [1, 2] failure null".formatted(other),
				"DISCONNECTED members [] nodes [] failure dev.cpg.client.CorosyncException: " + DAEMON_DIED
						+ ": it was stopped or killed (CS_ERR_LIBRARY)");
	}

	@Test
	void membersAreKnownSinceTheyWereFirstReported() {
		CpgGroup group = started().getGroup();
		Instant joined = group.getMembers().get(0).since();
		this.node.join("orders");
		await().until(() -> group.getMembers().size() == 2);
		assertThat(group.getMembers().get(0).since()).isEqualTo(joined);
		assertThat(group.getMembers().get(1).since()).isAfterOrEqualTo(joined);
	}

	@Test
	void aMembershipIsNotPretendedWhileEventsOfADeadConnectionStillWait() {
		CpgMembership membership = started();
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		deliver();
		this.node.restart();
		CpgGroup group = membership.getGroup();
		assertThat(this.events.names()).doesNotContain("Disconnected");
		assertThat(group.getState()).isEqualTo(State.DISCONNECTED);
		assertThat(group.getMembers()).isEmpty();
		assertThat(group.getView()).isEqualTo(CpgView.NONE);
		assertThat(group.getRing()).isEqualTo(RingId.NONE);
		assertThat(group.getLocalAddress()).isNull();
		assertThat(membership.getDeliveryQueueBytes()).isPositive();
		busy.countDown();
	}

	@Test
	void comesBackAfterTheConnectionWasLost() {
		started();
		this.node.restart();
		await().untilAsserted(() -> assertThat(this.events.names()).startsWith("Connected", "ConfigurationChange",
				"TotemConfigurationChange", "Disconnected", "Connected", "ConfigurationChange",
				"TotemConfigurationChange"));
		assertThat(this.events.of(CpgDisconnectedEvent.class).get(0).getCause()).hasMessageStartingWith(DAEMON_DIED);
		assertThat(this.observed).containsExactly("reconnected");
	}

	@Test
	void connectsAgainOnlyAfterTheLastEventOfTheLostConnection() {
		CpgMembership membership = membership();
		membership.start();
		CountDownLatch busy = busyWith(CpgDisconnectedEvent.class);
		this.node.restart();
		await().until(() -> this.events.names().contains("Disconnected"));
		await().during(Duration.ofMillis(100)).until(() -> this.node.attempts() == 1);
		busy.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void startsWithoutADaemonAndJoinsWhenItIsThere() {
		this.node.daemon().kill();
		CpgMembership membership = started();
		assertThat(membership.isRunning()).isTrue();
		assertThat(membership.getGroup().getState()).isEqualTo(State.DISCONNECTED);
		assertThat(membership.getGroup().getFailure()).isInstanceOf(CorosyncConnectException.class);
		await().until(() -> this.node.attempts() > 2);
		this.node.daemon().start();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		assertThat(membership.getGroup().getFailure()).isNull();
		assertThat(this.observed).isEmpty();
	}

	@Test
	void pausesBetweenAttemptsGrow() {
		this.node.daemon().kill();
		this.reconnect = new ExponentialBackOff(50, 100);
		started();
		await().until(() -> this.node.attempts() == 2);
		await().during(Duration.ofMillis(300)).until(() -> this.node.attempts() == 2);
	}

	@Test
	void failsFastWhenAskedTo() {
		this.failFast = true;
		this.node.refuse(Reason.PERMISSION_DENIED);
		CpgMembership membership = membership();
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(membership::start)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.PERMISSION_DENIED));
		assertThat(membership.isRunning()).isFalse();
	}

	@Test
	void failsFastWhenTheJoinIsRefused() {
		this.failFast = true;
		this.node.takeMemberId("orders");
		CpgMembership membership = membership();
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(membership::start)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.EXIST));
		assertThat(this.node.connection().isOpen()).isFalse();
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void startingWaitsNoLongerThanTheJoinTimeout() {
		this.node.daemon().pause();
		this.joinTimeout = Duration.ofMillis(100);
		CpgMembership membership = started();
		assertThat(membership.getGroup().getState()).isEqualTo(State.DISCONNECTED);
		this.node.daemon().resume();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void stoppingDuringAnAttemptToConnectDoesNotWaitForIt() throws Exception {
		this.node.daemon().pause();
		CpgMembership membership = membership();
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.node.attempts() == 1);
		long before = System.nanoTime();
		membership.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
		this.node.daemon().resume();
		start.get();
		await().until(() -> this.node.connections().size() == 1 && !this.node.connection().isOpen());
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void stoppingARunThatWaitsForTheOneBeforeReleasesItsStart() throws Exception {
		this.node.daemon().pause();
		this.joinTimeout = Duration.ofMinutes(1);
		CpgMembership membership = membership();
		CompletableFuture<Void> first = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.node.attempts() == 1);
		membership.stop();
		CompletableFuture<Void> second = CompletableFuture.runAsync(membership::start);
		await().until(membership::isRunning);
		membership.stop();
		second.get(10, TimeUnit.SECONDS);
		this.node.daemon().resume();
		first.get(10, TimeUnit.SECONDS);
		assertThat(this.node.attempts()).isEqualTo(1);
	}

	@Test
	void aCheckedExceptionOfAConnectorIsAFailureLikeAnyOther() {
		this.node.refuse(() -> CpgMembershipTests.<RuntimeException>sneak(new IOException("Not declared")));
		CpgMembership membership = started();
		assertThat(membership.getGroup().getFailure()).hasMessage("Not declared");
		this.node.accept();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> RuntimeException sneak(Throwable failure) throws E {
		throw (E) failure;
	}

	@Test
	void stoppingWhileTheNamesAreAwaitedClosesWithoutAJoin() throws Exception {
		CompletableFuture<CpgNames> names = new CompletableFuture<>();
		CpgMembership membership = membership(new ChangingNames(names));
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.node.connections().size() == 1);
		long before = System.nanoTime();
		membership.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
		start.get(3, TimeUnit.SECONDS);
		await().atMost(Duration.ofSeconds(3)).until(() -> !this.node.connection().isOpen());
		names.complete(CpgNames.NONE);
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void namesThatNeverComeDelayTheJoinOnlyForATime() {
		this.joinTimeout = Duration.ofSeconds(20);
		CpgMembership membership = membership(new ChangingNames(new CompletableFuture<>()));
		membership.start();
		assertThat(membership.getGroup().getState()).isEqualTo(State.JOINED);
	}

	@Test
	void stoppingDuringAJoinWaitsForItToLeaveAgain() throws Exception {
		this.node.pauseAtJoin();
		CpgMembership membership = membership();
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.node.daemon().isPaused());
		assertThat(membership.getGroup().getState()).isEqualTo(State.CONNECTED);
		CompletableFuture<Void> stop = CompletableFuture.runAsync(membership::stop);
		await().during(Duration.ofMillis(100)).until(() -> this.node.connection().isOpen());
		this.node.daemon().resume();
		stop.get();
		start.get();
		assertThat(this.node.leaves()).isOne();
	}

	@Test
	void stoppingDuringAJoinWaitsNoLongerThanTheLeaveTimeout() throws Exception {
		this.node.pauseAtJoin();
		this.leaveTimeout = Duration.ofMillis(200);
		CpgMembership membership = membership();
		CompletableFuture<Void> start = CompletableFuture.runAsync(membership::start);
		await().until(() -> this.node.daemon().isPaused());
		long before = System.nanoTime();
		membership.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
		start.get();
		assertThat(this.node.connection().isOpen()).isFalse();
		assertThat(this.events.names()).isEmpty();
	}

	@Test
	void aJoinThatTakesLongerThanTheStartWaitsIsNotGivenUp() {
		this.node.pauseAtJoin();
		this.joinTimeout = Duration.ofMillis(50);
		CpgMembership membership = started();
		assertThat(membership.getGroup().getState()).isEqualTo(State.CONNECTED);
		await().during(Duration.ofMillis(200)).until(() -> this.node.attempts() == 1);
		this.node.daemon().resume();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		assertThat(this.node.attempts()).isOne();
	}

	@Test
	void stoppingDuringAPauseEndsIt() {
		this.node.daemon().kill();
		this.reconnect = new ExponentialBackOff(60_000, 1);
		started().stop();
	}

	@Test
	void leavesInOrder() {
		started().stop();
		assertThat(this.node.leaves()).isOne();
		assertThat(this.node.connection().isOpen()).isFalse();
	}

	@Test
	void stoppingWaitsNoLongerThanTheLeaveTimeoutForAListenerAndPublishesNothingAfterwards(CapturedOutput output) {
		this.leaveTimeout = Duration.ofMillis(200);
		CpgMembership membership = started();
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		deliver();
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
		assertThat(this.node.leaves()).isOne();
	}

	@Test
	void aLeaveThatTakesTooLongIsReportedOnce(CapturedOutput output) throws Exception {
		this.leaveTimeout = Duration.ofMillis(200);
		CpgMembership membership = started();
		this.node.daemon().pause();
		membership.stop();
		this.node.daemon().resume();
		await().untilAsserted(() -> assertThat(threadNames()).doesNotContain("cpg-orders-membership"));
		// By the thread that stops or by the one that leaves, whichever is first.
		assertThat(output.toString().lines().filter((line) -> line.contains(" WARN "))).singleElement()
			.asString()
			.containsAnyOf("Leaving group 'orders' takes longer than 200 ms", "Group 'orders' was not left in order");
	}

	@Test
	void severalAreStartedAtTheSameTime() {
		this.joinTimeout = Duration.ofSeconds(30);
		this.node.pauseAtJoin();
		List<CpgMembership> memberships = Stream.of("orders", "audit", "prices")
			.map((group) -> membership(this.node, CpgGroupName.of(group)))
			.toList();
		CompletableFuture<Void> start = CompletableFuture.runAsync(() -> CpgMembership.start(memberships));
		await().until(() -> this.node.attempts() == 3);
		assertThat(start).isNotDone();
		this.node.daemon().resume();
		assertThat(start).succeedsWithin(Duration.ofSeconds(10));
		assertThat(memberships).allMatch((membership) -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void whoJoinsAndLeavesIsLogged(CapturedOutput output) {
		started();
		TestMember other = this.node.join("orders");
		other.kill();
		await().untilAsserted(() -> assertThat(output)
			.contains("Group 'orders': joined [%s JOIN], left [], now 2 members on ring".formatted(other.address()))
			.contains(
					"Group 'orders': joined [], left [%s PROCDOWN], now 1 member on ring".formatted(other.address())));
	}

	@Test
	void whyItIsNoMemberIsLoggedOnceForEachReasonWhateverTheTexts(CapturedOutput output) {
		this.node.refuse(() -> new CorosyncConnectException(Reason.SHARED_MEMORY_NOT_SHARED, CsError.LIBRARY,
				"There is no /dev/shm/qb-" + this.node.attempts(), null));
		started();
		await().until(() -> this.node.attempts() > 5);
		this.node.daemon().kill();
		this.node.accept();
		await().untilAsserted(() -> assertThat(output).contains("There is no daemon on node 1"));
		assertThat(output.toString().lines().filter((line) -> line.contains(" WARN "))).hasSize(2)
			.allMatch((line) -> line
				.contains("Not a member of group 'orders'; will keep trying in the background: There is"));
	}

	@Test
	void whatOnlyAnotherProcessCanMendIsLoggedAsThat(CapturedOutput output) {
		this.node.refuse(Reason.NATIVE_LIBRARY);
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
		deliver();
		CompletableFuture<Void> first = CompletableFuture.runAsync(membership::stop);
		await().until(() -> this.node.leaves() == 1);
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
		deliver();
		this.node.restart();
		assertThat(membership.getGroup().getState()).isEqualTo(State.DISCONNECTED);
		assertThat(membership.getGroup().getFailure()).hasMessageContaining(DAEMON_DIED);
		assertThat(membership.getDeliveryLag()).isPositive();
		assertThat(membership.getDeliveryQueueBytes()).isPositive();
		await().untilAsserted(() -> assertThat(output).contains("Lost the connection of group 'orders': " + DAEMON_DIED)
			.containsPattern("Reconnecting once the listeners have processed the [1-9][0-9]* bytes still queued."));
		assertThat(this.node.attempts()).isOne();
		busy.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		assertThat(output).contains("connecting again: " + DAEMON_DIED);
	}

	@Test
	void aListenerMayStopTheMembership() {
		CpgMembership membership = started();
		this.events.onEvent((event) -> {
			if (event instanceof CpgDeliverEvent<?>) {
				membership.stop();
			}
		});
		this.node.join("orders").send("stop").join();
		await().atMost(Duration.ofSeconds(3)).until(() -> !this.node.connection().isOpen());
		assertThat(this.node.leaves()).isOne();
	}

	@Test
	void leavesInOrderHoweverSoonAfterTheStart() {
		for (int i = 0; i < 100; i++) {
			started().stop();
			assertThat(this.node.leaves()).isEqualTo(i + 1);
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
		assertThat(this.node.connections()).hasSize(2);
		assertThat(this.observed).isEmpty();
	}

	@Test
	void startsAgainOnlyWhenTheLastListenerOfTheRunBeforeIsDone() {
		this.leaveTimeout = Duration.ofMillis(50);
		this.joinTimeout = Duration.ofMillis(200);
		CpgMembership membership = started();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
		CountDownLatch busy = busyWith(CpgDeliverEvent.class);
		deliver();
		membership.stop();
		membership.start();
		assertThat(this.node.connections()).hasSize(1);
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
		deliver();
		membership.stop();
		membership.start();
		membership.stop();
		membership.start();
		await().during(Duration.ofMillis(100)).until(() -> this.node.connections().size() == 1);
		busy.countDown();
		await().until(() -> membership.getGroup().getState() == State.JOINED);
	}

	@Test
	void thereIsOneThreadThoughTheRunBeforeHasNotEnded() {
		this.joinTimeout = Duration.ofMillis(100);
		this.node.daemon().pause();
		CpgMembership membership = started();
		membership.stop();
		membership.start();
		assertThat(threadNames()).containsOnlyOnce("cpg-orders-membership");
		this.node.daemon().resume();
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
		assertThat(this.errors).hasSameSizeAs(this.events.of(CpgEvent.class))
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
		this.node.join("orders").send("hello").join();
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
		this.node.join("orders").send("hello").join();
		await().untilAsserted(() -> assertThat(output).contains("A listener has been busy with CpgDeliverEvent"));
		busy.countDown();
	}

	@Test
	void membersOnNodesThatTheRingDoesNotHaveAreSuspects() {
		CpgGroup group = started().getGroup();
		assertThat(group.getSuspects()).isEmpty();
		CpgAddress ghost = this.node.leaveGhost("orders");
		await().untilAsserted(() -> assertThat(group.getSuspects()).extracting(Member::address).containsExactly(ghost));
		this.node.cluster().node(2).start();
		await().until(() -> group.getSuspects().isEmpty());
	}

	@Test
	void aNodeThatIsAddedIsShownByItsName() {
		this.node.cluster().partition(Set.of(1));
		CpgAddress added = this.node.join("orders").address();
		ChangingNames names = new ChangingNames(Map.of(1L, "oven"));
		CpgMembership membership = membership(names);
		membership.start();
		CpgGroup group = membership.getGroup();
		assertThat(group.getNames().format(ServiceNode.LOCAL)).isEqualTo("oven/100");
		names.change(Map.of(1L, "oven", 2L, "mill"));
		this.node.cluster().heal();
		await().untilAsserted(() -> assertThat(group.getNames().format(added)).isEqualTo("mill/" + added.pid()));
		assertThat(group.getState()).isEqualTo(State.JOINED);
	}

	@Test
	void namesThatAreAllKnownAreNotReadAgain() {
		ChangingNames names = new ChangingNames(Map.of(1L, "oven", 2L, "mill"));
		CpgMembership membership = membership(names);
		membership.start();
		this.node.join("orders");
		await().until(() -> membership.getGroup().getMembers().size() == 2);
		assertThat(names.read.get()).isEqualTo(1);
	}

	/** A lack of memory or threads must not be answered with more of both. */
	@Test
	void namesThatCannotBeReadAreNotReadAgainWithoutAPause() {
		ChangingNames names = new ChangingNames(Map.of());
		names.names = CompletableFuture.failedFuture(new OutOfMemoryError("unable to create native thread"));
		CpgMembership membership = membership(names);
		membership.start();
		this.node.join("orders");
		await().until(() -> membership.getGroup().getMembers().size() == 2);
		await().during(Duration.ofMillis(300)).until(() -> names.read.get() <= 2);
	}

	/** Names that change, which those of a cluster inside the JVM do not. */
	private final class ChangingNames implements CpgConnector {

		private final AtomicInteger read = new AtomicInteger();

		private volatile CompletableFuture<CpgNames> names;

		ChangingNames(Map<Long, String> nodes) {
			this(CompletableFuture.completedFuture(new CpgNames("bakery", nodes)));
		}

		ChangingNames(CompletableFuture<CpgNames> names) {
			this.names = names;
		}

		void change(Map<Long, String> nodes) {
			this.names = CompletableFuture.completedFuture(new CpgNames("bakery", nodes));
		}

		@Override
		public CpgConnection connect(CpgListener listener) {
			return CpgMembershipTests.this.node.connect(listener);
		}

		@Override
		public CompletableFuture<CpgNames> names() {
			this.read.incrementAndGet();
			return this.names;
		}

	}

	@Test
	void aCrowdedNodeIsWarnedOfOnce(CapturedOutput output) {
		CpgMembership membership = membership(new ChangingNames(Map.of(1L, "oven", 2L, "mill")));
		membership.start();
		CpgGroup group = membership.getGroup();
		join(98, this.node.cluster().node(1));
		await().until(() -> group.getMembers().size() == 99);
		assertThat(group.getSnapshot().crowd()).isNull();
		join(10, this.node.cluster().node(1));
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
		TestNode crowded = this.node.cluster().node(1);
		join(98, crowded);
		for (int i = 0; i < 20; i++) {
			crowded.join("orders").kill();
		}
		crowded.join("orders").send("the last one").join();
		await().until(() -> this.events.names().contains("Deliver"));
		assertThat(group.getSnapshot().crowd()).isNotNull();
		assertThat(output.toString().lines().filter((line) -> line.contains("crowded"))).hasSize(1);
	}

	@Test
	void manyMembersOnOtherNodesAreACrowdToo() {
		try (ServiceNode four = new ServiceNode(4)) {
			CpgMembership membership = membership(four);
			membership.start();
			CpgGroup group = membership.getGroup();
			join(43, four.cluster().node(2));
			join(43, four.cluster().node(3));
			join(42, four.cluster().node(4));
			await().until(() -> group.getMembers().size() == 1 + 128);
			assertThat(group.getSnapshot().crowd()).isNull();
			join(1, four.cluster().node(4));
			await().until(() -> group.getMembers().size() == 1 + 129);
			assertThat(group.getSnapshot().crowd()).startsWith("129 members are on other nodes");
			membership.stop();
		}
	}

	private static void join(int members, TestNode node) {
		for (int i = 0; i < members; i++) {
			node.join("orders");
		}
	}

	@Test
	void isSynchronizingWhileTheDaemonTakesNoMessages() {
		CpgMembership membership = membership();
		assertThat(membership.getGroup().isSynchronizing()).isFalse();
		membership.start();
		assertThat(membership.getGroup().isSynchronizing()).isFalse();
		this.node.daemon().refuseMulticasts();
		assertThat(membership.getGroup().isSynchronizing()).isTrue();
		assertThat(membership.getGroup().getState()).as("still").isEqualTo(State.JOINED);
	}

	@Test
	void aTemplateMayHaveALimitOfItsOwnAndNotWait() {
		CpgTemplate template = new CpgTemplate(started());
		CpgTemplate hasty = template.mutate().sendTimeout(Duration.ofMillis(300)).build();
		CpgTemplate trying = hasty.mutate().waiting(false).build();
		this.node.daemon().refuseMulticasts();
		CompletableFuture<CpgView> patient = CompletableFuture
			.supplyAsync(() -> template.multicast("waits for the connector's limit").join());
		assertNotSent(trying.multicast("does not wait"));
		long before = System.nanoTime();
		assertNotSent(hasty.multicast("waits for its own limit"));
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
		assertThat(patient).isNotDone();
		this.node.daemon().acceptMulticasts();
		assertThat(patient).succeedsWithin(Duration.ofSeconds(10));
		assertThat(trying.multicast("now it does")).succeedsWithin(Duration.ofSeconds(10));
		await().untilAsserted(() -> assertThat(this.observed).containsExactlyInAnyOrder("sent REJECTED",
				"sent REJECTED", "sent DELIVERED", "sent DELIVERED"));
		await().untilAsserted(() -> assertThat(this.events.of(CpgDeliverEvent.class)).hasSize(2));
		assertThatIllegalArgumentException().isThrownBy(() -> template.mutate().sendTimeout(Duration.ZERO));
	}

	private static void assertNotSent(CompletableFuture<CpgView> message) {
		assertThat(message).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(CorosyncException.class,
					(ex) -> assertThat(ex.error()).isEqualTo(CsError.TRY_AGAIN));
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
		this.node.restart();
		await().until(() -> this.node.connections().size() == 2 && membership.getGroup().getState() == State.JOINED);
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
		var unused = new CpgTemplate(started()).multicast("hello");
		await().untilAsserted(() -> assertThat(this.events.names()).containsExactly("Connected", "ConfigurationChange",
				"TotemConfigurationChange", "Deliver"));
	}

	@Test
	void sendsBytesAndText() {
		CpgTemplate template = new CpgTemplate(started());
		this.node.daemon().pause();
		var first = template.multicast(new byte[] { 1 });
		var second = template.multicast("größer");
		assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);
		this.node.daemon().resume();
		assertThat(first).succeedsWithin(Duration.ofSeconds(10))
			.satisfies((view) -> assertThat(view.members()).containsExactly(ServiceNode.LOCAL));
		await().untilAsserted(() -> assertThat(this.events.of(CpgDeliverEvent.class)).map((event) -> event.getPayload())
			.containsExactly(new byte[] { 1 }, "größer".getBytes(StandardCharsets.UTF_8)));
		await().untilAsserted(() -> assertThat(this.observed).containsExactly("sent DELIVERED", "sent DELIVERED"));
	}

	@Test
	void distinguishesLostFromUnknown() {
		CpgTemplate template = new CpgTemplate(started());
		this.node.daemon().dropNext();
		assertThat(template.multicast("lost")).failsWithin(Duration.ofSeconds(10));
		this.node.restart();
		await().until(() -> this.observed.contains("reconnected"));
		this.node.daemon().pause();
		assertThat(template.mutate().sendTimeout(Duration.ofMillis(50)).build().multicast("unknown"))
			.failsWithin(Duration.ofSeconds(10));
		await()
			.untilAsserted(() -> assertThat(this.observed).containsExactly("sent LOST", "reconnected", "sent UNKNOWN"));
	}

	@Test
	void sendingWithoutAMembershipFailsInTheFutureAndSaysWhy() {
		this.node.daemon().kill();
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
