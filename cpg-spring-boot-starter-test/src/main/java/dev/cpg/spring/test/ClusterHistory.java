package dev.cpg.spring.test;

import java.io.Serial;

/**
 * What happened in the cluster, for whoever reads the failure of a test.
 */
final class ClusterHistory extends Exception {

	@Serial
	private static final long serialVersionUID = 1L;

	ClusterHistory(String history) {
		super("The history of the cluster, no failure by itself:\n" + history, null, false, false);
	}

}
