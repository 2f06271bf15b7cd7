package dev.cpg.demo;

import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.test.EmbeddedTestCluster;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Services on a cluster inside the JVM.
 */
@Timeout(120)
class QuorumReadinessTests extends QuorumReadinessCases {

	private final EmbeddedTestCluster cluster = EmbeddedTestCluster.start(3);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Override
	TestCluster cluster() {
		return this.cluster;
	}

	@Override
	SpringApplicationBuilder onNode(SpringApplicationBuilder service, int nodeId) {
		return service.properties("cpg.mode=embedded")
			.initializers((ConfigurableApplicationContext context) -> ((GenericApplicationContext) context)
				.registerBean(EmbeddedNode.class, () -> this.cluster.embedded().node(nodeId)));
	}

}
