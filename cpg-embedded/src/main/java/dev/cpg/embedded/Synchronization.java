package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

	private final Map<Long, Map<CpgGroupName, List<CpgAddress>>> lists = new TreeMap<>();

	Synchronization(Ring ring) {
		this.ring = ring;
	}

	/**
	 * A node's list was delivered.
	 * @return whether it was the last one
	 */
	boolean add(OrderedMessage.ProcessList list) {
		this.lists.put(list.nodeId(), list.processes());
		return this.lists.size() == this.ring.members().size();
	}

	void joined(CpgGroupName group, CpgAddress member) {
		if (!listed(group, member).contains(member)) {
			change(group, member);
		}
	}

	void left(CpgGroupName group, CpgAddress member) {
		if (listed(group, member).contains(member)) {
			change(group, member);
		}
	}

	/** Returns the members that the list of a process's node has. */
	private Members listed(CpgGroupName group, CpgAddress process) {
		return new Members(this.lists.getOrDefault(process.nodeId(), Map.of()).getOrDefault(group, List.of()));
	}

	private void change(CpgGroupName group, CpgAddress process) {
		Map<CpgGroupName, List<CpgAddress>> list = this.lists.get(process.nodeId());
		if (list != null) {
			Map<CpgGroupName, List<CpgAddress>> changed = new LinkedHashMap<>(list);
			Members members = listed(group, process).change(process);
			if (members.isEmpty()) {
				changed.remove(group);
			}
			else {
				changed.put(group, members.list());
			}
			this.lists.put(process.nodeId(), changed);
		}
	}

	/** Returns the processes of all nodes, sorted: each list has those of one node. */
	Map<CpgGroupName, List<CpgAddress>> processes() {
		Map<CpgGroupName, List<CpgAddress>> all = new LinkedHashMap<>();
		this.lists.values()
			.forEach((list) -> list
				.forEach((group, members) -> all.computeIfAbsent(group, (name) -> new ArrayList<>()).addAll(members)));
		return all;
	}

}
