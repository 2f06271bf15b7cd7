package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * What one daemon knows of the groups: the processes of each, on all nodes, and which
 * sessions of its own node are notified of their changes.
 */
final class GroupTable {

	private final Map<CpgGroupName, Group> groups = new LinkedHashMap<>();

	/** The ring that the views belong to, since its synchronization is complete. */
	private RingId ring = RingId.NONE;

	private List<Long> nodeIds = List.of();

	/** The same for all daemons that are in that ring. */
	private SharedMembers shared = new SharedMembers();

	/** Returns a number that is another one after each change of the group. */
	long changes(CpgGroupName name) {
		Group group = this.groups.get(name);
		return (group != null) ? group.changes : 0;
	}

	/**
	 * A process joins.
	 * @param session its session, if it is on this node
	 */
	void join(CpgGroupName name, CpgAddress process, @Nullable Session session) {
		Group group = this.groups.computeIfAbsent(name, this::newGroup);
		if (session != null) {
			group.sessions.add(session);
		}
		if (!group.members.contains(process)) {
			group.members = group.members.change(process);
			group.report(List.of(), List.of(new CpgMember(process, CpgReason.JOIN)), this.ring);
		}
		if (session != null) {
			session.ringChanged(new CpgTotemConfiguration(group.view, this.nodeIds));
		}
	}

	/**
	 * A process leaves. Its session, if it is on this node, is notified last.
	 */
	void leave(CpgGroupName name, CpgAddress process, CpgReason reason, @Nullable Session session) {
		Group group = this.groups.get(name);
		if (group != null && group.members.contains(process)) {
			group.members = group.members.change(process);
			group.report(List.of(new CpgMember(process, reason)), List.of(), this.ring);
			if (session != null) {
				group.sessions.remove(session);
			}
			removeIfEmpty(group);
		}
	}

	/**
	 * A process ends, and goes on to be counted. Its session, if it is on this node, is
	 * notified of nothing more.
	 */
	void haunt(CpgGroupName name, CpgAddress process, Session session) {
		Group group = this.groups.get(name);
		if (group != null) {
			group.ghosts.add(process);
			group.sessions.remove(session);
		}
	}

	boolean isGhost(CpgGroupName name, CpgAddress process) {
		Group group = this.groups.get(name);
		return group != null && group.ghosts.contains(process);
	}

	/** The ghosts of some nodes that have come end, unless those count them, too. */
	void exorcise(LongPredicate nodes, Map<CpgGroupName, List<CpgAddress>> processes, RingId newRing) {
		for (Group group : List.copyOf(this.groups.values())) {
			List<CpgAddress> counted = processes.getOrDefault(group.name, List.of());
			List<CpgMember> left = group.ghosts.stream()
				.filter((ghost) -> nodes.test(ghost.nodeId()) && !counted.contains(ghost))
				.map((ghost) -> new CpgMember(ghost, CpgReason.NODEDOWN))
				.toList();
			left.forEach((ghost) -> group.ghosts.remove(ghost.address()));
			remove(group, left, newRing);
		}
	}

	/** All processes of some nodes leave, as those have left the ring. */
	void nodesDown(LongPredicate nodes, RingId newRing) {
		for (Group group : List.copyOf(this.groups.values())) {
			List<CpgMember> left = group.members.ofNodes(nodes)
				.stream()
				.filter((member) -> !group.ghosts.contains(member))
				.map((member) -> new CpgMember(member, CpgReason.NODEDOWN))
				.toList();
			remove(group, left, newRing);
		}
	}

	private void remove(Group group, List<CpgMember> left, RingId newRing) {
		if (!left.isEmpty()) {
			group.members = group.members.without(left.stream().map(CpgMember::address).toList());
			group.report(left, List.of(), newRing);
			removeIfEmpty(group);
		}
	}

	/** The ring has some processes of a group; those that are not known came with it. */
	void nodesUp(CpgGroupName name, List<CpgAddress> processes, RingId newRing) {
		Group group = this.groups.computeIfAbsent(name, this::newGroup);
		List<CpgAddress> missing = processes.stream().filter((process) -> !group.members.contains(process)).toList();
		if (!missing.isEmpty()) {
			group.members = group.members.with(missing);
			List<CpgMember> joined = missing.stream()
				.map((process) -> new CpgMember(process, CpgReason.NODEUP))
				.toList();
			group.report(List.of(), joined, newRing);
		}
	}

	/** The nodes of a new ring have the same processes. */
	void ringChanged(Ring newRing) {
		this.ring = newRing.id();
		this.nodeIds = newRing.nodeIds();
		this.shared = newRing.groups();
		for (Group group : this.groups.values()) {
			group.members = this.shared.share(group.name, group.members);
			group.view = new CpgView(this.ring, group.members.list());
			CpgTotemConfiguration configuration = new CpgTotemConfiguration(group.view, this.nodeIds);
			group.sessions.forEach((session) -> session.ringChanged(configuration));
		}
	}

	/** A message or fragment is delivered to the group's sessions on this node. */
	void deliver(OrderedMessage.Data data) {
		Group group = this.groups.get(data.group());
		if (group != null) {
			for (Session session : group.sessions) {
				session.deliver(data, group.view);
			}
		}
	}

	/** Returns the view of a group. */
	CpgView view(CpgGroupName name) {
		Group group = this.groups.get(name);
		return (group != null) ? group.view : CpgView.NONE;
	}

	/** Returns the members of all groups. */
	Map<CpgGroupName, List<CpgAddress>> members() {
		Map<CpgGroupName, List<CpgAddress>> members = new LinkedHashMap<>();
		this.groups.forEach((name, group) -> members.put(name, group.members.list()));
		return members;
	}

	/** Returns the processes of one node. */
	Map<CpgGroupName, List<CpgAddress>> processesOf(long nodeId) {
		Map<CpgGroupName, List<CpgAddress>> processes = new LinkedHashMap<>();
		this.groups.forEach((name, group) -> {
			List<CpgAddress> ofNode = group.members.ofNode(nodeId);
			if (!ofNode.isEmpty()) {
				processes.put(name, ofNode);
			}
		});
		return processes;
	}

	private Group newGroup(CpgGroupName name) {
		return new Group(name, this.shared.share(name, new Members(List.of())));
	}

	private void removeIfEmpty(Group group) {
		if (group.members.isEmpty()) {
			this.groups.remove(group.name);
		}
	}

	/** One group. All sessions of the node share its view. */
	private static final class Group {

		private final CpgGroupName name;

		private Members members;

		/** The members that have ended and are counted still. */
		private final Set<CpgAddress> ghosts = new TreeSet<>();

		private final List<Session> sessions = new ArrayList<>();

		private CpgView view = CpgView.NONE;

		private long changes;

		private Group(CpgGroupName name, Members members) {
			this.name = name;
			this.members = members;
		}

		private void report(List<CpgMember> left, List<CpgMember> joined, RingId ring) {
			this.changes++;
			this.view = new CpgView(ring, this.members.list());
			CpgConfigurationChange change = new CpgConfigurationChange(this.name, this.view, left, joined);
			this.sessions.forEach((session) -> session.membersChanged(change));
		}

	}

}
