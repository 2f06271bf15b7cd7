package dev.cpg.embedded;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;

/**
 * The lists of processes that the nodes of a new ring exchange, as one daemon receives
 * them. What joins or leaves between a node's list and the use of all lists changes the
 * list: it would bring back a process that has left, or remove one that has come.
 */
final class Synchronization {

	private final Ring ring;

	private final Map<Long, ProcessSets> lists = new TreeMap<>();

	Synchronization(Ring ring) {
		this.ring = ring;
	}

	/**
	 * A node's list was delivered.
	 * @return whether it was the last one
	 */
	boolean add(OrderedMessage.ProcessList list) {
		ProcessSets processes = new ProcessSets();
		list.processes().forEach((group, members) -> members.forEach((member) -> processes.add(group, member)));
		this.lists.put(list.nodeId(), processes);
		return this.lists.size() == this.ring.members().size();
	}

	void joined(CpgGroupName group, CpgAddress member) {
		ProcessSets list = this.lists.get(member.nodeId());
		if (list != null) {
			list.add(group, member);
		}
	}

	void left(CpgGroupName group, CpgAddress member) {
		ProcessSets list = this.lists.get(member.nodeId());
		if (list != null) {
			list.remove(group, member);
		}
	}

	/** Returns the processes of all nodes. */
	Map<CpgGroupName, List<CpgAddress>> processes() {
		ProcessSets all = new ProcessSets();
		this.lists.values()
			.forEach((list) -> list.toMap()
				.forEach((group, members) -> members.forEach((member) -> all.add(group, member))));
		return all.toMap();
	}

}
