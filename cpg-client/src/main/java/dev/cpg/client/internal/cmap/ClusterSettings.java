package dev.cpg.client.internal.cmap;

import java.time.Duration;
import java.util.List;

import dev.cpg.client.CpgClusterSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings that corosync's configuration map has of the cluster.
 */
public final class ClusterSettings {

	/** With each of these, two sides of a partition may be quorate; 1 is on. */
	private static final List<String> SHARED_QUORUM = List.of("two_node", "last_man_standing", "allow_downscale");

	private final CmapClient cmap;

	/** Creates a reader of what a client has access to. */
	public ClusterSettings(CmapClient cmap) {
		this.cmap = cmap;
	}

	/**
	 * Reads them. A key that has another type than corosync gives it is passed over.
	 */
	public CpgClusterSettings read() {
		Duration consensus = (get("runtime.config.totem.consensus") instanceof CmapValue.Uint32 millis)
				? Duration.ofMillis(millis.number()) : null;
		return new CpgClusterSettings(consensus, sharedQuorum());
	}

	private @Nullable String sharedQuorum() {
		if (get("quorum.device.model") instanceof CmapValue.Text) {
			return "quorum.device";
		}
		for (String setting : SHARED_QUORUM) {
			if (isOn("runtime.votequorum." + setting) || isOn("quorum." + setting)) {
				return "quorum." + setting;
			}
		}
		return null;
	}

	private boolean isOn(String key) {
		return get(key) instanceof CmapValue.Uint8 value && value.number() == 1;
	}

	private @Nullable CmapValue get(String key) {
		return this.cmap.get(key).orElse(null);
	}

}
