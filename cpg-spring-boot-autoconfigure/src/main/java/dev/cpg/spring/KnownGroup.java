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
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgGroupChange.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a group after one notification; each notification makes another value.
 *
 * @param connection the connection whose events are published, {@code null} if there is
 * none; it may have ended already
 * @param notified how many changes of members and rings have come on it
 * @param failure why this service is not a member, if it is not
 * @param names the names of the nodes
 * @param view the members and their ring, while this service is a member
 * @param members the members of the view, and since when they are known
 * @param nodesRing the ring that has the nodes
 * @param nodeIds its nodes
 * @param changes the last changes, the latest first
 */
record KnownGroup(@Nullable CpgConnection connection, long notified, @Nullable Throwable failure, CpgNames names,
		CpgView view, List<Member> members, RingId nodesRing, List<Long> nodeIds, List<CpgGroupChange> changes) {

	/** Nothing is known yet. */
	static final KnownGroup NOTHING = unconnected(null, List.of());

	private static KnownGroup unconnected(@Nullable Throwable failure, List<CpgGroupChange> changes) {
		return new KnownGroup(null, 0, failure, CpgNames.NONE, CpgView.NONE, List.of(), RingId.NONE, List.of(),
				changes);
	}

	/** A connection was opened. */
	KnownGroup connected(CpgConnection connection, CpgNames names) {
		return new KnownGroup(connection, 0, this.failure, names, CpgView.NONE, List.of(), RingId.NONE, List.of(),
				this.changes);
	}

	/**
	 * The join was agreed. The first change of the members comes next and confirms it.
	 */
	KnownGroup joinAgreed() {
		return with(change(Kind.CONNECTED, CpgView.NONE, List.of(), List.of(), null));
	}

	KnownGroup changed(CpgConnection connection, CpgConfigurationChange change) {
		return with(change(Kind.MEMBERS, change.view(), change.left(), change.joined(), null)).viewed(connection,
				change.view(), this.nodesRing, this.nodeIds);
	}

	KnownGroup changed(CpgConnection connection, CpgTotemConfiguration configuration) {
		return viewed(connection, configuration.view(), configuration.ring(), configuration.nodeIds());
	}

	/** After this service's leave there may still be members, but no longer for it. */
	private KnownGroup viewed(CpgConnection connection, CpgView view, RingId nodesRing, List<Long> nodeIds) {
		CpgAddress local = connection.localAddress();
		return view.members().contains(local) ? new KnownGroup(connection, this.notified + 1, null, this.names, view,
				membersOf(view, local), nodesRing, nodeIds, this.changes) : connected(connection, this.names);
	}

	private List<Member> membersOf(CpgView view, CpgAddress local) {
		Map<CpgAddress, Member> known = new HashMap<>();
		this.members.forEach((member) -> known.put(member.address(), member));
		Instant now = Instant.now();
		return view.members()
			.stream()
			.map((address) -> known.getOrDefault(address, new Member(address, now, address.equals(local))))
			.toList();
	}

	/** The names of the nodes were read again. */
	KnownGroup named(CpgNames names) {
		return new KnownGroup(this.connection, this.notified, this.failure, names, this.view, this.members,
				this.nodesRing, this.nodeIds, this.changes);
	}

	/** The connection has ended on which the join had been agreed. */
	KnownGroup membershipEnded(@Nullable Throwable cause) {
		return with(change(Kind.DISCONNECTED, CpgView.NONE, List.of(), List.of(), cause)).disconnected(cause);
	}

	/** There is no connection. */
	KnownGroup disconnected(@Nullable Throwable failure) {
		return unconnected(failure, this.changes);
	}

	/** Returns whether the connection has ended while its events wait for listeners. */
	boolean isLost() {
		return this.connection != null && !this.connection.isOpen();
	}

	/** Returns whether no change has arrived that is not noted here. */
	private boolean isCurrent() {
		return this.connection != null && !this.members.isEmpty() && this.connection.isCurrent(this.notified);
	}

	/** Returns the nodes of the ring and of the members that have no known name. */
	Set<Long> unnamedNodes() {
		return Stream.concat(this.nodeIds.stream(), this.view.members().stream().map(CpgAddress::nodeId))
			.filter((nodeId) -> !this.names.nodes().containsKey(nodeId))
			.collect(Collectors.toSet());
	}

	/**
	 * Returns what there is to know, the quorum included, which is no event of a group.
	 */
	CpgGroupSnapshot snapshot(CpgQuorum quorum) {
		CpgConnection connection = this.connection;
		CpgView view = this.view.withQuorum(quorumState(quorum));
		return new CpgGroupSnapshot(state(), this.failure, (connection != null) ? connection.localAddress() : null,
				this.members, view, this.nodesRing, this.nodeIds, suspects(),
				connection != null && connection.flowControl() != CpgFlowControl.OPEN, isCurrent(), this.names,
				this.changes);
	}

	/** Returns what is known of the quorum of the view's ring. */
	CpgQuorumState quorumState(CpgQuorum quorum) {
		return quorum.stateOf(this.view.ring(), this.view.ring().equals(this.nodesRing) ? this.nodeIds : List.of());
	}

	private State state() {
		if (this.connection == null) {
			return State.DISCONNECTED;
		}
		return this.members.isEmpty() ? State.CONNECTED : State.JOINED;
	}

	private List<Member> suspects() {
		if (!this.view.ring().equals(this.nodesRing)) {
			return List.of();
		}
		return this.members.stream().filter((member) -> !this.nodeIds.contains(member.address().nodeId())).toList();
	}

	private static CpgGroupChange change(Kind kind, CpgView view, List<CpgMember> left, List<CpgMember> joined,
			@Nullable Throwable cause) {
		return new CpgGroupChange(Instant.now(), kind, view, left, joined, cause);
	}

	private KnownGroup with(CpgGroupChange change) {
		List<CpgGroupChange> changes = Stream.concat(Stream.of(change), this.changes.stream())
			.limit(CpgGroupSnapshot.MAX_CHANGES)
			.toList();
		return new KnownGroup(this.connection, this.notified, this.failure, this.names, this.view, this.members,
				this.nodesRing, this.nodeIds, changes);
	}

}
