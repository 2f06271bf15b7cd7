package dev.cpg.demo.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.leadership.election.ElectionSettings.Role;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * The service and the scripted members, and what can be done to them. One thing is done
 * at a time, except that anybody may send.
 */
@Component
@ConditionalOnEmbeddedMode
class Members implements DisposableBean {

	static final int MAX_MEMBERS = 8;

	/** Short, so that the leadership can be handed over again and again. */
	static final Duration YIELD_COOLDOWN = Duration.ofSeconds(1);

	private static final Duration RESET_LIMIT = Duration.ofSeconds(15);

	private final CpgGroup group;

	private final Nodes nodes;

	private final Timeline timeline;

	private final ServiceMember service;

	private final Assembly assembly;

	private final Map<CpgAddress, ScriptedMember> scripted = new ConcurrentSkipListMap<>();

	/** Counts up, so that a member that has ended and a new one are never confused. */
	private final AtomicLong lastNumber = new AtomicLong();

	Members(CpgGroup group, Nodes nodes, Timeline timeline, ServiceMember service) {
		this.group = group;
		this.nodes = nodes;
		this.timeline = timeline;
		this.service = service;
		this.assembly = new Assembly(timeline, this::present);
	}

	/** Has one member on each node that the service is not on. */
	@EventListener(ApplicationReadyEvent.class)
	synchronized void fillNodes() {
		for (int node = 2; node <= ClusterConfiguration.NODES; node++) {
			if (on(node).isEmpty()) {
				add(node);
			}
		}
	}

	/**
	 * Has a further member join.
	 * @param nodeId its node
	 */
	synchronized Member add(long nodeId) {
		EmbeddedNode node = this.nodes.getWorking(nodeId);
		if (this.timeline.laneCount() >= MAX_MEMBERS) {
			throw refusal("There are %d members, ended ones included, and no room for more: clear the time line, or"
				.formatted(MAX_MEMBERS) + " have members leave first");
		}
		CpgAddress address = new CpgAddress(nodeId, 100 * nodeId + this.lastNumber.incrementAndGet());
		Role role = new Role(this.service.leadership().role(), (nodeId == Assembly.FIRST_LEADER) ? 1 : 0, false);
		ScriptedMember member = new ScriptedMember(node.connector(address.pid()), groupName(), role,
				this.timeline.lane(address, false));
		this.scripted.put(address, member);
		member.join();
		return member;
	}

	synchronized void leave(CpgAddress address) {
		this.nodes.getWorking(address.nodeId());
		member(address).leave();
	}

	synchronized void kill(CpgAddress address) {
		member(address).kill();
	}

	/** Has the daemon drop the next message that a member sends. */
	void dropNext(CpgAddress address) {
		any(address).lane().dropNext();
		this.timeline.sendStatus();
	}

	/**
	 * Sends a message.
	 * @param address who sends it
	 * @param text the message
	 * @return its outcome, which the sender's lane shows if it was not delivered
	 */
	CompletableFuture<CpgView> send(CpgAddress address, String text) {
		Member member = any(address);
		Lane lane = member.lane();
		if (!lane.isMember()) {
			throw refusal("Member " + address + " is not in the group");
		}
		if (lane.takeDropNext()) {
			this.nodes.get(address.nodeId()).dropNext();
			this.timeline.sendStatus();
		}
		return member.send(text).whenComplete((view, failure) -> {
			if (causeOf(failure) instanceof CpgSendException ex) {
				lane.notDelivered(ex.outcome(), text);
			}
		});
	}

	private static @Nullable Throwable causeOf(@Nullable Throwable failure) {
		return (failure instanceof CompletionException) ? failure.getCause() : failure;
	}

	/** Has the member that leads give that up, so that another one is elected. */
	void handOver() {
		this.assembly.leader().orElseThrow(() -> refusal("Nobody leads now")).leadership().yield();
	}

	/**
	 * Begins again: all nodes run in one ring, with one member each, all of whom are
	 * notified of it and of the leader, which is the last one, and the time line is
	 * empty.
	 */
	synchronized void reset() throws InterruptedException {
		this.nodes.restore();
		for (int node = 1; node <= ClusterConfiguration.NODES; node++) {
			List<ScriptedMember> surplus = on(node);
			surplus.stream().skip((node == 1) ? 0 : 1).forEach(ScriptedMember::kill);
		}
		clear();
		fillNodes();
		if (!this.assembly.await(RESET_LIMIT)) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"The members did not come together in " + RESET_LIMIT.toSeconds() + " seconds: try again");
		}
		clear();
	}

	@Override
	public void destroy() {
		ScriptedMember.stop(this.scripted.values());
	}

	/** Returns the members that have not ended for good. */
	private List<Member> present() {
		Stream<Member> others = this.scripted.values()
			.stream()
			.filter((member) -> !member.isFinished())
			.map(Member.class::cast);
		return (this.service.isKnown() ? Stream.concat(Stream.of(this.service), others) : others).toList();
	}

	/** Empties the time line, and forgets those who have left or were killed. */
	synchronized void clear() {
		this.timeline.clear(this.scripted.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().isFinished())
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet()));
		this.scripted.values().removeIf(ScriptedMember::isFinished);
	}

	/** Returns the scripted members of a node that have not left and were not killed. */
	private List<ScriptedMember> on(long nodeId) {
		return this.scripted.values()
			.stream()
			.filter((member) -> member.lane().address().nodeId() == nodeId && !member.isFinished())
			.toList();
	}

	private ScriptedMember member(CpgAddress address) {
		ScriptedMember member = this.scripted.get(address);
		if (member == null) {
			throw isService(address) ? refusal("Member " + address + " is this service: to end it, end the program")
					: new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no member " + address);
		}
		if (member.isFinished()) {
			throw refusal("Member " + address + " has ended already");
		}
		return member;
	}

	private Member any(CpgAddress address) {
		return isService(address) ? this.service : member(address);
	}

	private boolean isService(CpgAddress address) {
		return this.service.isKnown() && this.service.lane().address().equals(address);
	}

	private CpgGroupName groupName() {
		return CpgGroupName.of(this.group.getName());
	}

	private static ResponseStatusException refusal(String reason) {
		return new ResponseStatusException(HttpStatus.CONFLICT, reason);
	}

}
