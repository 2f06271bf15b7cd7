package dev.cpg.benchmarks;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncClusterException;

/**
 * Starts clusters, and tries again if one does not start: a benchmark that takes minutes
 * should not end because a node was slow once.
 */
final class Clusters {

	/**
	 * The MTU of the loopback interface. With Ethernet's 1,500 bytes, daemons on one
	 * machine spend nearly all of its time on packets, whatever the client is.
	 */
	static final int MTU = 65535;

	private static final int ATTEMPTS = 3;

	private Clusters() {
	}

	static CorosyncCluster start(CorosyncCluster.Builder builder) {
		for (int attempt = 1;; attempt++) {
			try {
				return builder.start();
			}
			catch (CorosyncClusterException ex) {
				if (attempt == ATTEMPTS || CorosyncCluster.unavailableReason().isPresent()) {
					throw ex;
				}
				System.err.println("bench: trying again, as the cluster did not start: " + ex.getMessage());
			}
		}
	}

}
