package dev.cpg.client.corosync;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;

/**
 * The same on libqb's socket transport.
 */
@CorosyncTest(nodes = 3, settings = "system.qb_ipc_type=socket")
class SendOnSocketsTests extends SendTests {

	SendOnSocketsTests(CorosyncCluster cluster) {
		super(cluster);
	}

}
