package dev.cpg.benchmarks;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncClusterException;

/**
 * Starts clusters, again if one does not start: a benchmark of minutes need not end for a
 * node that was slow once.
 */
final class Clusters {

	/**
	 * As the loopback interface has it. With Ethernet's 1,500 bytes, daemons on one
	 * machine spend nearly all of its time on packets, whoever the client is.
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
				System.err.println("bench: once more, as the cluster did not start: " + ex.getMessage());
			}
		}
	}

}
