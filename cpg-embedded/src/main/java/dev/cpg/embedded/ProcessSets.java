package dev.cpg.embedded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;

/**
 * The processes of each group, sorted by node id and process id.
 */
final class ProcessSets {

	private final Map<CpgGroupName, TreeSet<CpgAddress>> processes = new LinkedHashMap<>();

	void add(CpgGroupName group, CpgAddress process) {
		this.processes.computeIfAbsent(group, (name) -> new TreeSet<>()).add(process);
	}

	void remove(CpgGroupName group, CpgAddress process) {
		TreeSet<CpgAddress> members = this.processes.get(group);
		if (members != null && members.remove(process) && members.isEmpty()) {
			this.processes.remove(group);
		}
	}

	Map<CpgGroupName, List<CpgAddress>> toMap() {
		Map<CpgGroupName, List<CpgAddress>> map = new LinkedHashMap<>();
		this.processes.forEach((group, members) -> map.put(group, List.copyOf(members)));
		return map;
	}

}
