package dev.cpg.spring;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the group. It is written by the membership's thread until the join and
 * by the connection's delivery thread from then on, and read by anyone.
 */
final class GroupState implements CpgGroup {

	private static final Snapshot NOTHING = nothing(null);

	private final String name;

	private final ListenerCalls listenerCalls;

	private volatile Snapshot snapshot = NOTHING;

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
	public State getState() {
		Snapshot now = now();
		if (now.connection == null) {
			return State.DISCONNECTED;
		}
		return now.members.isEmpty() ? State.CONNECTED : State.JOINED;
	}

	@Override
	public @Nullable Throwable getFailure() {
		Snapshot snapshot = this.snapshot;
		CpgConnection lost = lost(snapshot);
		return (lost != null) ? lost.failure() : snapshot.failure;
	}

	@Override
	public @Nullable CpgAddress getLocalAddress() {
		CpgConnection connection = now().connection;
		return (connection != null) ? connection.localAddress() : null;
	}

	@Override
	public List<Member> getMembers() {
		return now().members;
	}

	@Override
	public CpgView getView() {
		return now().view;
	}

	@Override
	public RingId getRing() {
		return now().view.ring();
	}

	@Override
	public List<Long> getRingNodeIds() {
		return now().nodeIds;
	}

	@Override
	public List<Member> getSuspects() {
		Snapshot now = now();
		if (!now.view.ring().equals(now.nodesRing)) {
			return List.of();
		}
		return now.members.stream().filter((member) -> !now.nodeIds.contains(member.address().nodeId())).toList();
	}

	@Override
	public boolean isSynchronizing() {
		CpgConnection connection = now().connection;
		return connection != null && connection.flowControl() != CpgFlowControl.OPEN;
	}

	@Override
	public CpgNames getNames() {
		return now().names;
	}

	@Nullable CpgConnection connection() {
		return now().connection;
	}

	/**
	 * Returns the connection whose events are told, which may have ended already.
	 */
	@Nullable CpgConnection toldConnection() {
		return this.snapshot.connection;
	}

	/**
	 * The connection may have ended while events still wait for their listeners. What
	 * they will tell is over already.
	 */
	private Snapshot now() {
		Snapshot snapshot = this.snapshot;
		return (lost(snapshot) != null) ? NOTHING : snapshot;
	}

	private static @Nullable CpgConnection lost(Snapshot snapshot) {
		CpgConnection connection = snapshot.connection;
		return (connection != null && !connection.isOpen()) ? connection : null;
	}

	/** Returns how many messages of others were dropped, on all connections. */
	synchronized long droppedMessages() {
		CpgConnection connection = this.snapshot.connection;
		return this.droppedBefore + ((connection != null) ? connection.droppedMessages() : 0);
	}

	synchronized void connected(CpgConnection connection, CpgNames names) {
		if (connection != this.snapshot.connection) {
			this.droppedBefore = droppedMessages();
		}
		this.snapshot = new Snapshot(connection, names, CpgView.NONE, List.of(), RingId.NONE, List.of(),
				this.snapshot.failure);
	}

	synchronized void disconnected(@Nullable Throwable failure) {
		this.droppedBefore = droppedMessages();
		this.snapshot = nothing(failure);
	}

	private static Snapshot nothing(@Nullable Throwable failure) {
		return new Snapshot(null, CpgNames.NONE, CpgView.NONE, List.of(), RingId.NONE, List.of(), failure);
	}

	synchronized void changed(CpgConnection connection, CpgConfigurationChange change) {
		changed(connection, change.view(), this.snapshot.nodesRing, this.snapshot.nodeIds);
	}

	synchronized void changed(CpgConnection connection, CpgTotemConfiguration configuration) {
		changed(connection, configuration.view(), configuration.ring(), configuration.nodeIds());
	}

	/**
	 * After the own leave there may still be members, but no longer for this service.
	 */
	private void changed(CpgConnection connection, CpgView view, RingId nodesRing, List<Long> nodeIds) {
		CpgNames names = this.snapshot.names;
		if (view.members().contains(connection.localAddress())) {
			this.snapshot = new Snapshot(connection, names, view, membersOf(view, connection.localAddress()), nodesRing,
					nodeIds, null);
		}
		else {
			connected(connection, names);
		}
	}

	private List<Member> membersOf(CpgView view, CpgAddress local) {
		Map<CpgAddress, Member> known = new HashMap<>();
		this.snapshot.members.forEach((member) -> known.put(member.address(), member));
		Instant now = Instant.now();
		return view.members()
			.stream()
			.map((address) -> known.getOrDefault(address, new Member(address, now, address.equals(local))))
			.toList();
	}

	private record Snapshot(@Nullable CpgConnection connection, CpgNames names, CpgView view, List<Member> members,
			RingId nodesRing, List<Long> nodeIds, @Nullable Throwable failure) {
	}

}
