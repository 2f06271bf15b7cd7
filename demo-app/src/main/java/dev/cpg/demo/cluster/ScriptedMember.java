package dev.cpg.demo.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.election.ElectionSettings.Role;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.LeaderElectionSettings;
import dev.cpg.spring.leadership.election.TokenMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.FixedBackOff;

/**
 * A member without a Spring context: it joins, leads if it is elected, and sends and
 * leaves on demand.
 */
final class ScriptedMember implements Member {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final long RECONNECT_MILLIS = 200;

	private final Lane lane;

	private final MortalConnector connector;

	private final CpgMembership membership;

	private final CpgTemplate template;

	private final CpgLeadership leadership;

	private volatile @Nullable String finalWord;

	/**
	 * Creates a member, which has not joined yet.
	 * @param connector opens its connections
	 * @param group the group
	 * @param role what it may be elected for
	 * @param lane what it is notified of is written there
	 */
	ScriptedMember(CpgConnector connector, CpgGroupName group, Role role, Lane lane) {
		this.lane = lane;
		this.connector = new MortalConnector(connector);
		LeaderElection election = new LeaderElection(group.text(), new LeaderElectionSettings(List.of(role), null, null,
				null, Members.YIELD_COOLDOWN, true, false, Map.of()), new TokenMemory(null, List::of), List::of);
		CpgMembershipSettings settings = new CpgMembershipSettings(true, LIMIT, LIMIT,
				new FixedBackOff(RECONNECT_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS), LIMIT, LIMIT);
		this.membership = CpgMembership.builder(this.connector, group, settings, this::published)
			.interceptor(election)
			.build();
		this.template = new CpgTemplate(this.membership);
		this.leadership = election.leadership(role.name());
		election.ready(true);
	}

	private void published(Object event) {
		if (event instanceof CpgDeliverEvent<?> message && message.getPayload() instanceof byte[] bytes) {
			this.lane.delivered(message.getView(), message.getSender(), bytes);
		}
		else if (event instanceof CpgDisconnectedEvent end) {
			this.lane.ended(whyEnded(end));
		}
		else if (event instanceof CpgEvent other) {
			this.lane.notified(other);
		}
	}

	private String whyEnded(CpgDisconnectedEvent end) {
		String word = this.finalWord;
		CorosyncException cause = end.getCause();
		return (word != null || cause == null) ? String.valueOf(word) : String.valueOf(cause.getMessage());
	}

	@Override
	public Lane lane() {
		return this.lane;
	}

	/** Joins, and joins again by itself if its connection is lost. */
	void join() {
		this.membership.start();
	}

	void leave() {
		this.finalWord = "it left";
		this.membership.stop();
	}

	/** Ends it without a leave, as the death of its process does. */
	void kill() {
		this.finalWord = "it was killed";
		this.connector.die();
		this.membership.stop();
	}

	/** Has all of some members leave at the same time, because the service ends. */
	static void stop(Collection<ScriptedMember> members) {
		members.forEach((member) -> member.finalWord = "the service ends");
		CpgMembership.stop(members.stream().map((member) -> member.membership).toList());
	}

	/** Returns whether it has left or was killed. */
	boolean isFinished() {
		return this.finalWord != null;
	}

	@Override
	public CompletableFuture<CpgView> send(String text) {
		return this.template.multicast(text);
	}

	@Override
	public CpgLeadership leadership() {
		return this.leadership;
	}

}
