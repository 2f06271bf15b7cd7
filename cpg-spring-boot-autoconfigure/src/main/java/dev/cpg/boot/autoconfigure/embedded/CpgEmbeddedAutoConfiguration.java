package dev.cpg.boot.autoconfigure.embedded;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.CpgEngine;
import dev.cpg.boot.autoconfigure.CpgMode;
import dev.cpg.boot.autoconfigure.CpgProperties;
import dev.cpg.boot.autoconfigure.settings.ForbiddenProfiles;
import dev.cpg.client.CpgConnector;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@code cpg.mode=embedded}: the
 * groups run on a node of a cluster inside the JVM. It is the first node of the cluster
 * that all contexts of the JVM share, unless the application defines an
 * {@code EmbeddedCluster} or an {@code EmbeddedNode}.
 */
@AutoConfiguration(before = CpgAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "cpg.enabled", matchIfMissing = true)
@Conditional(OnEmbeddedMode.class)
@ConditionalOnMissingBean({ CpgConnector.class, CpgEngine.class })
@EnableConfigurationProperties(CpgProperties.class)
public final class CpgEmbeddedAutoConfiguration {

	CpgEmbeddedAutoConfiguration(CpgProperties properties, Environment environment) {
		CpgMode.EMBEDDED.require(environment);
		String forbidden = new ForbiddenProfiles(properties.getEmbedded().getForbiddenProfiles()).findIn(environment);
		if (forbidden != null) {
			throw new EmbeddedModeForbiddenException(forbidden);
		}
	}

	/**
	 * The engine, the node that it is on, and the cluster that the contexts of this JVM
	 * share. What starts anything needs the auto-configuration, which refuses.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EmbeddedCluster.class)
	static class EngineConfiguration {

		@Bean
		@ConditionalOnMissingBean({ EmbeddedCluster.class, EmbeddedNode.class })
		SharedCluster cpgSharedCluster(CpgEmbeddedAutoConfiguration allowed) {
			return SharedCluster.join();
		}

		/** It is not for this context to close it. */
		@Bean(destroyMethod = "")
		@ConditionalOnMissingBean({ EmbeddedCluster.class, EmbeddedNode.class })
		EmbeddedCluster cpgEmbeddedCluster(SharedCluster shared) {
			return shared.cluster();
		}

		@Bean
		@ConditionalOnMissingBean
		EmbeddedNode cpgEmbeddedNode(EmbeddedCluster cluster) {
			return cluster.node(1);
		}

		@Bean
		CpgEngine cpgEmbeddedEngine(EmbeddedNode node, CpgEmbeddedAutoConfiguration allowed) {
			return new EmbeddedEngine(node);
		}

	}

	/**
	 * There is no engine.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("dev.cpg.embedded.EmbeddedCluster")
	static class MissingEngineConfiguration {

		@Bean
		CpgEngine cpgEmbeddedEngine(CpgEmbeddedAutoConfiguration allowed) {
			throw new EmbeddedClusterMissingException();
		}

	}

}
