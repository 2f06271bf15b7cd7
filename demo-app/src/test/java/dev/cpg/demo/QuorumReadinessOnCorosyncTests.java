package dev.cpg.demo;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * Services on real daemons.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class QuorumReadinessOnCorosyncTests extends QuorumReadinessCases {

	private final CorosyncCluster cluster;

	QuorumReadinessOnCorosyncTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Override
	TestCluster cluster() {
		return this.cluster;
	}

	@Override
	SpringApplicationBuilder onNode(SpringApplicationBuilder service, int nodeId) {
		return service.properties("cpg.corosync.socket-directory=" + this.cluster.node(nodeId).socketDirectory());
	}

}
