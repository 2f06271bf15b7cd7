package dev.cpg.spring;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroupChange.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the group. It is written by the membership's thread until the join and
 * by the connection's delivery thread from then on, and read by anyone.
 */
final class GroupState implements CpgGroup {

	private final String name;

	private final ListenerCalls listenerCalls;

	private volatile Known known = nothing(null, List.of());

	/**
	 * Of the connections before the present one. On each there is one join, after which
	 * its own count never falls.
	 */
	private long droppedBefore;

	GroupState(String name, ListenerCalls listenerCalls) {
		this.name = name;
		this.listenerCalls = listenerCalls;
	}

	ListenerCalls listenerCalls() {
		return this.listenerCalls;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public CpgGroupSnapshot getSnapshot() {
		Known known = this.known;
		CpgConnection lost = lost(known);
		Known now = (lost != null) ? nothing(lost.failure(), known.changes) : known;
		CpgConnection connection = now.connection;
		return new CpgGroupSnapshot(state(now), now.failure, (connection != null) ? connection.localAddress() : null,
				now.members, now.view, now.nodesRing, now.nodeIds, suspects(now),
				connection != null && connection.flowControl() != CpgFlowControl.OPEN, now.names, now.changes);
	}

	private static State state(Known known) {
		if (known.connection == null) {
			return State.DISCONNECTED;
		}
		return known.members.isEmpty() ? State.CONNECTED : State.JOINED;
	}

	private static List<Member> suspects(Known known) {
		if (!known.view.ring().equals(known.nodesRing)) {
			return List.of();
		}
		return known.members.stream().filter((member) -> !known.nodeIds.contains(member.address().nodeId())).toList();
	}

	/**
	 * The connection may have ended while events still wait for their listeners. What
	 * they will tell is over already.
	 */
	@Nullable CpgConnection connection() {
		Known known = this.known;
		return (lost(known) != null) ? null : known.connection;
	}

	/**
	 * Returns the connection whose events are told, which may have ended already.
	 */
	@Nullable CpgConnection toldConnection() {
		return this.known.connection;
	}

	private static @Nullable CpgConnection lost(Known known) {
		CpgConnection connection = known.connection;
		return (connection != null && !connection.isOpen()) ? connection : null;
	}

	/** Returns how many messages of others were dropped, on all connections. */
	synchronized long droppedMessages() {
		CpgConnection connection = this.known.connection;
		return this.droppedBefore + ((connection != null) ? connection.statistics().droppedMessages() : 0);
	}

	synchronized void connected(CpgConnection connection, CpgNames names) {
		if (connection != this.known.connection) {
			this.droppedBefore = droppedMessages();
		}
		this.known = new Known(connection, names, CpgView.NONE, List.of(), RingId.NONE, List.of(), this.known.failure,
				this.known.changes);
	}

	/**
	 * The join was agreed, which the first change of the members confirms next.
	 */
	synchronized void joinAgreed() {
		this.known = this.known.withChange(Kind.CONNECTED, CpgView.NONE, List.of(), List.of(), null);
	}

	synchronized void disconnected(@Nullable Throwable failure) {
		this.droppedBefore = droppedMessages();
		this.known = nothing(failure, this.known.changes);
	}

	/**
	 * The connection has ended on which the join had been agreed.
	 */
	synchronized void membershipEnded(@Nullable Throwable cause) {
		this.droppedBefore = droppedMessages();
		this.known = nothing(cause,
				this.known.withChange(Kind.DISCONNECTED, CpgView.NONE, List.of(), List.of(), cause).changes);
	}

	/** The names of the nodes were read anew. */
	synchronized void named(CpgNames names) {
		Known before = this.known;
		if (before.connection != null) {
			this.known = new Known(before.connection, names, before.view, before.members, before.nodesRing,
					before.nodeIds, before.failure, before.changes);
		}
	}

	/** Returns the nodes of the ring and of the members that have no known name. */
	Set<Long> unnamedNodes() {
		Known known = this.known;
		return Stream.concat(known.nodeIds.stream(), known.view.members().stream().map(CpgAddress::nodeId))
			.filter((nodeId) -> !known.names.nodes().containsKey(nodeId))
			.collect(Collectors.toSet());
	}

	private static Known nothing(@Nullable Throwable failure, List<CpgGroupChange> changes) {
		return new Known(null, CpgNames.NONE, CpgView.NONE, List.of(), RingId.NONE, List.of(), failure, changes);
	}

	synchronized void changed(CpgConnection connection, CpgConfigurationChange change) {
		Known now = this.known.withChange(Kind.MEMBERS, change.view(), change.left(), change.joined(), null);
		changed(connection, change.view(), now.nodesRing, now.nodeIds, now.changes);
	}

	synchronized void changed(CpgConnection connection, CpgTotemConfiguration configuration) {
		changed(connection, configuration.view(), configuration.ring(), configuration.nodeIds(), this.known.changes);
	}

	/**
	 * After this service's leave there may still be members, but no longer for it.
	 */
	private void changed(CpgConnection connection, CpgView view, RingId nodesRing, List<Long> nodeIds,
			List<CpgGroupChange> changes) {
		Known before = this.known;
		if (view.members().contains(connection.localAddress())) {
			this.known = new Known(connection, before.names, view, membersOf(view, connection.localAddress()),
					nodesRing, nodeIds, null, changes);
		}
		else {
			this.known = new Known(connection, before.names, CpgView.NONE, List.of(), RingId.NONE, List.of(),
					before.failure, changes);
		}
	}

	private List<Member> membersOf(CpgView view, CpgAddress local) {
		Map<CpgAddress, Member> known = new HashMap<>();
		this.known.members.forEach((member) -> known.put(member.address(), member));
		Instant now = Instant.now();
		return view.members()
			.stream()
			.map((address) -> known.getOrDefault(address, new Member(address, now, address.equals(local))))
			.toList();
	}

	private record Known(@Nullable CpgConnection connection, CpgNames names, CpgView view, List<Member> members,
			RingId nodesRing, List<Long> nodeIds, @Nullable Throwable failure, List<CpgGroupChange> changes) {

		Known withChange(Kind kind, CpgView view, List<CpgMember> left, List<CpgMember> joined,
				@Nullable Throwable cause) {
			CpgGroupChange change = new CpgGroupChange(Instant.now(), kind, view, left, joined, cause);
			List<CpgGroupChange> changes = Stream.concat(Stream.of(change), this.changes.stream())
				.limit(CpgGroupSnapshot.MAX_CHANGES)
				.toList();
			return new Known(this.connection, this.names, this.view, this.members, this.nodesRing, this.nodeIds,
					this.failure, changes);
		}

	}

}
