package dev.cpg.demo.cluster;

import dev.cpg.embedded.EmbeddedCluster;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The cluster that the demo runs on: the service is on node 1, and other members are on
 * the other nodes.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnEmbeddedMode
class ClusterConfiguration {

	static final int NODES = 3;

	@Bean
	EmbeddedCluster embeddedCluster() {
		return EmbeddedCluster.builder().nodes(NODES).name("demo").start();
	}

}
