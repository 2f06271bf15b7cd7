package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * With which rings nodes came together, as members that were there saw it. Who joins
 * after that has no view that says it.
 */
final class Merges {

	private final Map<String, Long> times = new HashMap<>();

	void add(Stay stay) {
		List<String> before = List.of();
		for (View view : stay.views()) {
			List<String> nodes = view.nodes();
			for (String there : before) {
				for (String node : nodes) {
					if (!before.contains(node) && nodes.contains(there)) {
						this.times.merge(key(view.ring(), there, node), view.begin().time(), Math::min);
					}
				}
			}
			before = nodes.isEmpty() ? before : nodes;
		}
	}

	/**
	 * Returns when two nodes came together with a ring, {@code null} if they did not.
	 * @param ring the ring
	 * @param one a node
	 * @param other another node
	 */
	@Nullable Long time(String ring, String one, String other) {
		return this.times.get(key(ring, one, other));
	}

	private static String key(String ring, String one, String other) {
		return ring + " " + ((one.compareTo(other) < 0) ? one + " " + other : other + " " + one);
	}

}
