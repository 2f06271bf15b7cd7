package dev.cpg.boot.autoconfigure.embedded;

import java.time.Duration;

import dev.cpg.embedded.EmbeddedCluster;
import org.jspecify.annotations.Nullable;

/**
 * A context's share in the one cluster of its JVM. The first share starts the cluster,
 * the last one that is closed ends it. It is there so that several contexts see each
 * other, which have nothing in common but their JVM.
 */
final class SharedCluster implements AutoCloseable {

	/**
	 * Nobody splits this cluster, so the delay only says how long leases are: half of it,
	 * which no pause of the garbage collector should end.
	 */
	private static final Duration FORMATION_DELAY = Duration.ofSeconds(4);

	private static final Object MONITOR = new Object();

	private static @Nullable EmbeddedCluster running;

	private static int shares;

	private final EmbeddedCluster cluster;

	private boolean closed;

	private SharedCluster(EmbeddedCluster cluster) {
		this.cluster = cluster;
	}

	/**
	 * Takes a share.
	 */
	static SharedCluster join() {
		synchronized (MONITOR) {
			EmbeddedCluster cluster = running;
			if (cluster == null) {
				cluster = EmbeddedCluster.builder().formationDelay(FORMATION_DELAY).start();
				running = cluster;
			}
			shares++;
			return new SharedCluster(cluster);
		}
	}

	EmbeddedCluster cluster() {
		return this.cluster;
	}

	/**
	 * Gives the share back. Further calls do nothing.
	 */
	@Override
	public void close() {
		synchronized (MONITOR) {
			if (!this.closed) {
				this.closed = true;
				shares--;
				if (shares == 0) {
					running = null;
					this.cluster.close();
				}
			}
		}
	}

}
