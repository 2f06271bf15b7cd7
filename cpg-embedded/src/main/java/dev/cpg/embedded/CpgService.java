package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.OrderedMessage.Data;
import dev.cpg.embedded.OrderedMessage.Join;
import dev.cpg.embedded.OrderedMessage.Leave;
import dev.cpg.embedded.OrderedMessage.ProcessList;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's groups: what the messages of the ring mean for them, and the sessions of the
 * node's processes.
 */
final class CpgService {

	private final long nodeId;

	private final EmbeddedSettings settings;

	private final Consumer<OrderedMessage> ring;

	private final GroupTable groups = new GroupTable();

	private final List<Session> sessions = new ArrayList<>();

	/** Which session a member of this node belongs to, from its join to its leave. */
	private final Map<Join, Session> members = new LinkedHashMap<>();

	/** {@code null} once the lists of the ring's processes have been used. */
	private @Nullable Synchronization synchronization;

	/**
	 * The nodes that were in all rings with this one since the last complete
	 * synchronization, and so have delivered the same. Until the next one the joins and
	 * leaves of others change their lists, and not the groups.
	 */
	private final Set<Long> companions = new HashSet<>();

	/**
	 * Creates it for a daemon that is alone.
	 * @param first the ring of this node alone
	 * @param ring queues a message for the ring
	 */
	CpgService(long nodeId, EmbeddedSettings settings, Ring first, Consumer<OrderedMessage> ring) {
		this.nodeId = nodeId;
		this.settings = settings;
		this.ring = ring;
		this.companions.add(nodeId);
		this.groups.ringChanged(first);
	}

	/**
	 * The node enters a new ring, whose nodes exchange their processes.
	 * @param stayed the nodes that come from the same former ring
	 */
	void ringFormed(Ring newRing, Set<Long> stayed) {
		this.companions.retainAll(stayed);
		this.synchronization = new Synchronization(newRing);
	}

	/** Returns whether the processes of the present ring are not known yet. */
	boolean isSynchronizing() {
		return this.synchronization != null;
	}

	/** Returns this node's processes, as of the last message delivered. */
	ProcessList processes() {
		return new ProcessList(this.nodeId, this.groups.processesOf(this.nodeId));
	}

	/** The next message of the ring is delivered. */
	void deliver(OrderedMessage message, Ring current) {
		if (message instanceof Data data) {
			deliver(data, current);
		}
		else if (message instanceof Join join) {
			deliver(join);
		}
		else if (message instanceof Leave leave) {
			deliver(leave);
		}
		else if (message instanceof ProcessList list && this.synchronization != null
				&& this.synchronization.add(list)) {
			synchronize(this.synchronization, current);
		}
	}

	private void deliver(Data data, Ring current) {
		if (this.settings.has(Mutation.LOST_IN_BROKEN_RING) && data.sender().nodeId() == this.nodeId
				&& !current.isWhole()) {
			data.multicast().lost();
		}
		this.groups.deliver(data);
	}

	private void deliver(Join join) {
		if (this.synchronization != null) {
			this.synchronization.joined(join.group(), join.member());
		}
		if (isCompanion(join.member())) {
			this.groups.join(join.group(), join.member(), this.members.get(join));
		}
	}

	private void deliver(Leave leave) {
		if (this.synchronization != null && !this.settings.has(Mutation.GHOST)) {
			this.synchronization.left(leave.group(), leave.member());
		}
		Session session = this.members.remove(new Join(leave.group(), leave.member()));
		if (isCompanion(leave.member())) {
			this.groups.leave(leave.group(), leave.member(), leave.reason(), session);
		}
		if (session != null) {
			session.left();
		}
	}

	private boolean isCompanion(CpgAddress process) {
		return this.synchronization == null || this.companions.contains(process.nodeId());
	}

	/** All lists are there: the groups become what the ring has agreed on. */
	private void synchronize(Synchronization lists, Ring current) {
		this.synchronization = null;
		if (this.settings.has(Mutation.TOTEM_EVENT_FIRST)) {
			this.groups.ringChanged(current);
		}
		if (!this.settings.has(Mutation.NO_NODEDOWN)) {
			this.groups.nodesDown((node) -> !this.companions.contains(node), current.id());
		}
		this.groups.exorcise((node) -> !this.companions.contains(node) && current.nodeIds().contains(node),
				lists.processes(), current.id());
		this.companions.addAll(current.nodeIds());
		if (!this.settings.has(Mutation.MERGE_ON_ONE_SIDE) || current.id().nodeId() == this.nodeId) {
			lists.processes().forEach((group, processes) -> this.groups.nodesUp(group, processes, current.id()));
		}
		this.groups.ringChanged(current);
	}

	List<Session> sessions() {
		return this.sessions;
	}

	void open(Session session) {
		this.sessions.add(session);
	}

	void close(Session session) {
		this.sessions.remove(session);
	}

	/** The daemon ends, and so do all sessions. */
	void end(CorosyncException cause) {
		List.copyOf(this.sessions).forEach((session) -> session.end(cause));
		this.sessions.clear();
	}

	/** All processes of this node have ended. */
	void leaveAll() {
		List.copyOf(this.members.keySet()).forEach((join) -> leave(join.group(), join.member(), CpgReason.PROCDOWN));
	}

	/** Returns the session that is a member, joining or leaving as the one given. */
	@Nullable Session memberAs(CpgGroupName group, CpgAddress member) {
		return this.members.get(new Join(group, member));
	}

	/** Returns the sessions of a process of this node that are members. */
	List<Session> membersAs(CpgAddress process) {
		return this.members.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().member().equals(process))
			.map(Map.Entry::getValue)
			.toList();
	}

	/** A member ends, and is counted still; its session may be on this node. */
	void haunt(CpgGroupName group, CpgAddress member, Session session) {
		this.members.remove(new Join(group, member), session);
		this.groups.haunt(group, member, session);
	}

	/** Returns whether no other process can be this member. */
	boolean isTaken(CpgGroupName group, CpgAddress member) {
		return memberAs(group, member) != null || isGhost(group, member);
	}

	/** Returns whether the member has ended, and is counted still. */
	boolean isGhost(CpgGroupName group, CpgAddress member) {
		return this.groups.isGhost(group, member);
	}

	/** Returns whether the node has room for another member of a group. */
	boolean hasRoom(CpgGroupName group) {
		long count = this.members.keySet().stream().filter((join) -> join.group().equals(group)).count();
		return count < CpgView.MAX_MEMBERS_OF_NODE;
	}

	/** A process asks to join. */
	void join(CpgGroupName group, CpgAddress member, Session session) {
		Join join = new Join(group, member);
		this.members.put(join, session);
		this.ring.accept(join);
	}

	/** A process asks to leave, or has ended. */
	void leave(CpgGroupName group, CpgAddress member, CpgReason reason) {
		this.ring.accept(new Leave(group, member, reason));
	}

	/** A process sends a message or a fragment. */
	void send(Data data) {
		this.ring.accept(data);
	}

	/** Returns a number that is another one after each change of a group. */
	long changes(CpgGroupName group) {
		return this.groups.changes(group);
	}

	/** Returns the view of a group, as of the last message delivered. */
	CpgView view(CpgGroupName group) {
		return this.groups.view(group);
	}

	/** Returns the members of all groups. */
	Map<CpgGroupName, List<CpgAddress>> groupMembers() {
		return this.groups.members();
	}

}
