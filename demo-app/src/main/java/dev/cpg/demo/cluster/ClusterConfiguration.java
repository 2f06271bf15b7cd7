package dev.cpg.demo.cluster;

import java.time.Duration;

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

	/**
	 * Long enough to see one thing happen after the other. The lease of leaders is half
	 * of it, which a busy machine must not miss.
	 */
	private static final Duration FORMATION_DELAY = Duration.ofSeconds(1);

	@Bean
	EmbeddedCluster embeddedCluster() {
		return EmbeddedCluster.builder().nodes(NODES).name("demo").formationDelay(FORMATION_DELAY).start();
	}

}
