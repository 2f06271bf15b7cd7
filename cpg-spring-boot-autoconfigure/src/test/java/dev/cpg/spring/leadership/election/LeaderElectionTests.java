package dev.cpg.spring.leadership.election;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedConnector;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Services that elect their leader, on an embedded cluster in real time.
 */
@Timeout(60)
@TestMethodOrder(OrderAnnotation.class)
class LeaderElectionTests {

	/** Long leases, which a busy machine does not end: half of the delay. */
	private static final Duration FORMATION_DELAY = Duration.ofSeconds(4);

	/** Beside the other tests. */
	private static EmbeddedCluster clusterOfBusyListener;

	private static BusyListenerStory busyListener;

	private EmbeddedCluster cluster = cluster(FORMATION_DELAY);

	@BeforeAll
	static void beBusy() {
		clusterOfBusyListener = cluster(FORMATION_DELAY);
		busyListener = new BusyListenerStory(List.of(clusterOfBusyListener.node(1).connector(),
				clusterOfBusyListener.node(2).connector(), clusterOfBusyListener.node(3).connector()));
	}

	@AfterAll
	static void stopBusy() {
		busyListener.close();
		clusterOfBusyListener.close();
	}

	private static EmbeddedCluster cluster(Duration formationDelay) {
		return EmbeddedCluster.builder().nodes(3).formationDelay(formationDelay).start();
	}

	private final List<ElectingService> services = new ArrayList<>();

	@AfterEach
	void stop() {
		this.services.forEach(ElectingService::close);
		this.cluster.close();
	}

	private ElectingService start(int node) {
		ElectingService service = new ElectingService(this.cluster.node(node).connector());
		this.services.add(service);
		return service;
	}

	private List<ElectingService> startThree() {
		List<ElectingService> three = List.of(start(1), start(2), start(3));
		await().until(() -> hasLeader(three));
		return three;
	}

	private static ElectingService leader(List<ElectingService> services) {
		return services.stream().filter(ElectingService::isLeader).findFirst().orElseThrow();
	}

	private static boolean hasLeader(List<ElectingService> services) {
		return services.stream().anyMatch(ElectingService::isLeader);
	}

	private static CpgAddress address(ElectingService service) {
		return Objects.requireNonNull(service.membership().getGroup().getLocalAddress());
	}

	@Test
	void oneOfThreeLeadsAndAllKnowIt() {
		List<ElectingService> three = startThree();
		ElectingService leader = leader(three);
		assertThat(three).filteredOn(ElectingService::isLeader).hasSize(1);
		await().untilAsserted(() -> assertThat(three)
			.allSatisfy((service) -> assertThat(service.leadership().leader()).contains(address(leader))));
		assertThat(leader.leadershipEvents()).contains("Granted");
	}

	@Test
	void listenersAreNotifiedOfTheConnectionBeforeAnythingThatWasDecidedOnIt() {
		ElectingService service = start(1);
		await().until(service::isLeader);
		await().until(() -> service.leadershipEvents().contains("Granted"));
		assertThat(service.events()).first().isInstanceOf(CpgConnectedEvent.class);
	}

	@Test
	void aResourceThatWasAwayAtTheJoinIsAskedAgain() {
		AtomicBoolean away = new AtomicBoolean(true);
		AtomicInteger answered = new AtomicInteger();
		long seen = Token.next(Token.NONE, List.of(System.currentTimeMillis() + 3_600_000), 9);
		ElectingService service = new ElectingService(this.cluster.node(1).connector(), (role) -> {
			if (away.get()) {
				throw new IllegalStateException("away on purpose");
			}
			answered.incrementAndGet();
			return OptionalLong.of(seen);
		});
		this.services.add(service);
		await().until(service::isLeader);
		assertThat(service.leadership().token().orElseThrow()).isLessThan(seen);
		away.set(false);
		await().until(() -> service.leadership().token().orElse(0) > seen);
		assertThat(lastReason(service)).isEqualTo(Reason.SUPERSEDED);
		assertThat(answered).hasValue(1);
	}

	@Test
	void aLeaderThatLeavesIsReplacedAndTheTokenGrows() {
		List<ElectingService> three = startThree();
		ElectingService first = leader(three);
		OptionalLong token = first.leadership().token();
		first.close();
		assertThat(first.isLeader()).isFalse();
		await().until(() -> hasLeader(three));
		assertThat(leader(three).leadership().token().getAsLong()).isGreaterThan(token.getAsLong());
		assertThat(lastReason(first)).isEqualTo(Reason.STOPPED);
	}

	@Test
	void theSideWithoutQuorumHasNoLeader() {
		this.cluster.close();
		this.cluster = cluster(Duration.ofMillis(400));
		List<ElectingService> three = startThree();
		ElectingService first = leader(three);
		int node = (int) address(first).nodeId();
		this.cluster.partition(Set.of(node), others(node));
		await().until(() -> !first.isLeader());
		List<ElectingService> rest = three.stream().filter((service) -> service != first).toList();
		await().until(() -> hasLeader(rest));
		assertThat(first.isLeader()).isFalse();
		assertThat(lastReason(first)).isIn(Reason.QUORUM, Reason.LEASE);
		this.cluster.heal();
		// There may be none for a moment.
		await().ignoreException(NoSuchElementException.class)
			.untilAsserted(() -> assertThat(three)
				.allSatisfy((service) -> assertThat(service.leadership().leader()).contains(address(leader(rest)))));
	}

	private static Set<Integer> others(int node) {
		Set<Integer> others = new HashSet<>(Set.of(1, 2, 3));
		others.remove(node);
		return others;
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void aListenerThatIsBusyFor25SecondsCostsNoLeadership() {
		assertThat(busyListener.end()).succeedsWithin(Duration.ofSeconds(50));
	}

	@Test
	void anotherLeadsOnlyAfterTheListenersHaveLetGo() throws InterruptedException {
		List<ElectingService> three = startThree();
		ElectingService first = leader(three);
		CompletableFuture<Boolean> ledMeanwhile = new CompletableFuture<>();
		List<ElectingService> rest = three.stream().filter((service) -> service != first).toList();
		first.listener((event) -> {
			if (event instanceof CpgLeadershipRevokedEvent) {
				Thread.sleep(300);
				ledMeanwhile.complete(hasLeader(three));
			}
		});
		first.leadership().yield();
		assertThat(first.isLeader()).isFalse();
		assertThat(ledMeanwhile.join()).isFalse();
		await().until(() -> hasLeader(three));
		assertThat(rest).isNotEmpty();
	}

	@Test
	void aLostConnectionRevokesBeforeItIsReported() {
		List<ElectingService> three = startThree();
		ElectingService first = leader(three);
		EmbeddedNode node = this.cluster.node((int) address(first).nodeId());
		node.kill();
		node.start();
		await().until(() -> first.events().stream().anyMatch(CpgDisconnectedEvent.class::isInstance));
		List<Object> events = first.events();
		int revoked = indexOf(events, CpgLeadershipRevokedEvent.class);
		assertThat(revoked).isBetween(0, indexOf(events, CpgDisconnectedEvent.class));
		await().until(() -> hasLeader(three));
	}

	@Test
	void servicesOnOneNodeWhoseMemberIdsCollideElectOne() {
		List<ElectingService> two = List.of(startWithTheSameMemberId(), startWithTheSameMemberId());
		await().until(() -> leader(two) != null);
		ElectingService first = leader(two);
		assertThat(address(two.get(0))).isNotEqualTo(address(two.get(1)));
		first.close();
		await().until(() -> leader(two) != null);
		assertThat(leader(two)).isNotSameAs(first);
	}

	/** Each connector prefers the process's id, and the second one cannot have it. */
	private ElectingService startWithTheSameMemberId() {
		ElectingService service = new ElectingService(EmbeddedConnector.builder(this.cluster.node(1)).build());
		this.services.add(service);
		return service;
	}

	@Test
	void whoseConnectionIsClosedDoesNotLeadFromThatMomentOn() {
		List<CpgConnection> connections = new CopyOnWriteArrayList<>();
		ElectingService alone = new ElectingService(new Tapped(this.cluster.node(1).connector(), (connection) -> {
			connections.add(connection);
			return connection;
		}));
		this.services.add(alone);
		await().until(alone::isLeader);
		// Its interceptor is busy, so the election is not notified of the end.
		alone.election().locked(() -> {
			CompletableFuture.runAsync(connections.get(0)::close);
			await().until(() -> !connections.get(0).isOpen());
			assertThat(alone.isLeader()).isFalse();
			assertThat(alone.leadership().token()).isEmpty();
		});
		await().until(alone::isLeader);
	}

	@Test
	void aListenerOfRevocationsThatThrowsKeepsNobodyInOffice() {
		ElectingService alone = new ElectingService(this.cluster.node(1).connector(), (role, token) -> {
			throw new IllegalStateException("broken on purpose");
		});
		this.services.add(alone);
		await().until(alone::isLeader);
		OptionalLong token = alone.leadership().token();
		alone.leadership().yield();
		assertThat(alone.leadership().token()).isNotEqualTo(token);
		await().until(alone::isLeader);
		assertThat(alone.leadership().token().orElseThrow()).isGreaterThan(token.orElseThrow());
		assertThat(lastReason(alone)).isEqualTo(Reason.YIELD);
	}

	@Test
	void aListenerThatStopsTheMembershipOfALeaderDoesNotWaitForItself() {
		ElectingService leader = start(1);
		await().until(leader::isLeader);
		CompletableFuture<Duration> stopped = new CompletableFuture<>();
		leader.listener((event) -> {
			if (event instanceof CpgDeliverEvent<?>) {
				long begin = System.nanoTime();
				leader.close();
				stopped.complete(Duration.ofNanos(System.nanoTime() - begin));
			}
		});
		leader.template().multicast("stop");
		// Half of the leave timeout are ten seconds.
		assertThat(stopped).succeedsWithin(Duration.ofSeconds(8));
		assertThat(leader.isLeader()).isFalse();
	}

	@Test
	void anEngineThatTakesNoMessageAtOnceCostsNoLeadership() {
		ElectingService first = new ElectingService(
				new Tapped(this.cluster.node(1).connector(), LeaderElectionTests::takingNothingAtOnce));
		this.services.add(first);
		await().until(first::isLeader);
		OptionalLong token = first.leadership().token();
		ElectingService second = start(2);
		await().until(() -> second.leadership().leader().isPresent());
		first.leadership().yield();
		await().until(() -> hasLeader(this.services));
		assertThat(leader(this.services).leadership().token().orElseThrow()).isGreaterThan(token.orElseThrow());
	}

	/** As an engine does that other threads send to at full speed. */
	private static CpgConnection takingNothingAtOnce(CpgConnection connection) {
		return (CpgConnection) Proxy.newProxyInstance(CpgConnection.class.getClassLoader(),
				new Class<?>[] { CpgConnection.class }, (proxy, method, arguments) -> {
					try {
						return method.getName().equals("tryMulticast") ? null : method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	/** A connector whose connections the test gets to see, and may replace. */
	private record Tapped(CpgConnector connector, UnaryOperator<CpgConnection> tap) implements CpgConnector {

		@Override
		public CpgConnection connect(CpgListener listener) {
			throw new UnsupportedOperationException();
		}

		@Override
		public CpgConnection connect(CpgListener listener, CpgInterceptor interceptor) {
			return this.tap.apply(this.connector.connect(listener, interceptor));
		}

		@Override
		public CpgQuorumConnection connectQuorum(CpgQuorumListener listener) {
			return this.connector.connectQuorum(listener);
		}

	}

	private static int indexOf(List<Object> events, Class<?> type) {
		for (int i = 0; i < events.size(); i++) {
			if (type.isInstance(events.get(i))) {
				return i;
			}
		}
		return -1;
	}

	@Test
	void aMessageUnderAnOldTokenIsDropped() {
		List<ElectingService> three = startThree();
		ElectingService first = leader(three);
		List<ElectingService> rest = three.stream().filter((service) -> service != first).toList();
		ElectingService receiver = rest.get(0);
		assertThat(first.leadership().runIfLeader(() -> {
			first.template().convertAndMulticast("good".getBytes(StandardCharsets.UTF_8), Map.of()).join();
			first.leadership().yield();
			await().until(() -> receiver.leadership().leader().isPresent() && hasLeader(three));
			first.template().convertAndMulticast("stale".getBytes(StandardCharsets.UTF_8), Map.of()).join();
		})).isTrue();
		await().until(() -> receiver.election().staleTokens() == 1);
		assertThat(delivered(receiver)).containsExactly("good");
	}

	private static List<String> delivered(ElectingService service) {
		return service.events()
			.stream()
			.filter(CpgDeliverEvent.class::isInstance)
			.map((event) -> new String((byte[]) ((CpgDeliverEvent<?>) event).getPayload(), StandardCharsets.UTF_8))
			.toList();
	}

	private static Reason lastReason(ElectingService service) {
		return service.events()
			.stream()
			.filter(CpgLeadershipRevokedEvent.class::isInstance)
			.map((event) -> ((CpgLeadershipRevokedEvent) event).getReason())
			.reduce((one, other) -> other)
			.orElseThrow();
	}

}
