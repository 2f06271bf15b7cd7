package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes hear each other. Nodes hear each other only in both directions: Corosync's
 * transport takes a connection for down if there are no answers.
 */
final class Network {

	/** By node, the nodes that do not hear it. */
	private final Map<Long, Set<Long>> unheard = new HashMap<>();

	/** Nothing that the one sends reaches the other any more. */
	void cut(long from, long to) {
		this.unheard.computeIfAbsent(from, (node) -> new HashSet<>()).add(to);
	}

	/**
	 * Heals what was cut before, and cuts the network between sets of nodes.
	 * @param nodes all nodes
	 * @param sides the sets; those that are in none form one more
	 */
	void partition(Collection<Long> nodes, List<Set<Long>> sides) {
		Set<Long> others = new HashSet<>(nodes);
		sides.forEach(others::removeAll);
		List<Set<Long>> all = new ArrayList<>(sides);
		all.add(others);
		this.unheard.clear();
		for (Long node : nodes) {
			Set<Long> missed = new HashSet<>(nodes);
			all.stream().filter((side) -> side.contains(node)).forEach(missed::removeAll);
			this.unheard.put(node, missed);
		}
	}

	/** Returns whether two nodes hear each other. */
	boolean connects(long one, long other) {
		return !this.unheard.getOrDefault(one, Set.of()).contains(other)
				&& !this.unheard.getOrDefault(other, Set.of()).contains(one);
	}

}
