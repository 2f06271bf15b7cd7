package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipEvent;
import dev.cpg.spring.leadership.CpgTokenFloor;
import dev.cpg.spring.leadership.RevocationListener;

import org.springframework.util.backoff.FixedBackOff;

/**
 * A service that may lead, without a Spring context.
 */
final class ElectingService implements AutoCloseable {

	static final String ROLE = "billing";

	private static final CpgGroupName GROUP = CpgGroupName.of("grp");

	private final LeaderElection election;

	private final CpgMembership membership;

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private volatile Listener listener = (event) -> {
	};

	ElectingService(CpgConnector connector, RevocationListener... listeners) {
		this(connector, leading(), List.of(), listeners);
	}

	/** A service that asks a resource for the tokens that it has seen. */
	ElectingService(CpgConnector connector, CpgTokenFloor floor) {
		this(connector, leading(), List.of(floor));
	}

	private static LeaderElectionSettings leading() {
		return new LeaderElectionSettings(List.of(new ElectionSettings.Role(ROLE, 0, false)), null, null, null,
				Duration.ZERO, true, false, Map.of());
	}

	/** A service without roles that wants to be heard. */
	static ElectingService heard(CpgConnector connector) {
		return new ElectingService(connector,
				new LeaderElectionSettings(List.of(), null, null, null, Duration.ZERO, true, true, Map.of()),
				List.of());
	}

	private ElectingService(CpgConnector connector, LeaderElectionSettings settings, List<CpgTokenFloor> floors,
			RevocationListener... listeners) {
		this.election = new LeaderElection(GROUP.text(), settings, new TokenMemory(null, () -> floors),
				() -> List.of(listeners));
		this.membership = CpgMembership
			.builder(connector, GROUP,
					new CpgMembershipSettings(true, Duration.ofSeconds(10), Duration.ofSeconds(20),
							new FixedBackOff(20, FixedBackOff.UNLIMITED_ATTEMPTS), Duration.ofSeconds(5),
							Duration.ofSeconds(10), "cpg"),
					this::publish)
			.interceptor(this.election)
			.build();
		this.membership.start();
		this.election.ready(true);
	}

	private void publish(Object event) {
		this.events.add(event);
		try {
			this.listener.on(event);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What is done with each event, on the delivery thread. */
	void listener(Listener nowListening) {
		this.listener = nowListening;
	}

	LeaderElection election() {
		return this.election;
	}

	CpgLeadership leadership() {
		return this.election.leadership(ROLE);
	}

	/** Whether it takes part in the election. */
	boolean mayLead() {
		return !this.election.roles().isEmpty();
	}

	boolean isLeader() {
		return leadership().isLeader();
	}

	CpgMembership membership() {
		return this.membership;
	}

	CpgTemplate template() {
		return new CpgTemplate(this.membership);
	}

	List<Object> events() {
		return this.events;
	}

	List<String> leadershipEvents() {
		return this.events.stream()
			.filter(CpgLeadershipEvent.class::isInstance)
			.map((event) -> event.getClass().getSimpleName().replaceFirst("CpgLeader(ship)?(.*)Event", "$2"))
			.toList();
	}

	@Override
	public void close() {
		this.membership.stop();
	}

	/** Is called with each event. */
	@FunctionalInterface
	interface Listener {

		void on(Object event) throws InterruptedException;

	}

}
