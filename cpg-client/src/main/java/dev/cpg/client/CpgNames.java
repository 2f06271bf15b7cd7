package dev.cpg.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The names that people gave to the cluster and its nodes, as configured.
 *
 * @param cluster the cluster's name, or {@code null} if it has none
 * @param nodes the nodes' names by node id; nodes without a name are missing;
 * unmodifiable
 */
public record CpgNames(@Nullable String cluster, Map<Long, String> nodes) {

	/** No name is known. */
	public static final CpgNames NONE = new CpgNames(null, Map.of());

	public CpgNames {
		nodes = Map.copyOf(nodes);
	}

	/**
	 * Returns an address with the node's name where it has one: {@code node1/4711}.
	 * @param address the address
	 */
	public String format(CpgAddress address) {
		return this.nodes.getOrDefault(address.nodeId(), Long.toString(address.nodeId())) + "/" + address.pid();
	}

}
