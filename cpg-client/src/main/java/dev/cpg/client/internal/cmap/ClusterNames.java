package dev.cpg.client.internal.cmap;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.client.CpgNames;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names that corosync's configuration map has for the cluster and its nodes.
 */
public final class ClusterNames {

	private static final int MAX_NODES = 384;

	private final CmapClient cmap;

	/** Creates a reader of what a client has access to. */
	public ClusterNames(CmapClient cmap) {
		this.cmap = cmap;
	}

	/**
	 * Reads them. A key that has another type than corosync gives it is passed over.
	 */
	public CpgNames read() {
		Map<Long, String> nodes = new HashMap<>();
		for (int i = 0; i < MAX_NODES; i++) {
			String node = "nodelist.node." + i;
			if (!(get(node + ".nodeid") instanceof CmapValue.Uint32 id)) {
				break;
			}
			if (get(node + ".name") instanceof CmapValue.Text name) {
				nodes.put(id.number(), name.text());
			}
		}
		return new CpgNames((get("totem.cluster_name") instanceof CmapValue.Text name) ? name.text() : null, nodes);
	}

	private @Nullable CmapValue get(String key) {
		return this.cmap.get(key).orElse(null);
	}

}
