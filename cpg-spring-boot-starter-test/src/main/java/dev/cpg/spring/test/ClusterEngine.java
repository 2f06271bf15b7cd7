package dev.cpg.spring.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.cpg.boot.autoconfigure.CpgConnectionDetails;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.EmbeddedTestCluster;
import dev.cpg.test.TestCluster;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * What a test's cluster runs on, and how a context comes to use it.
 */
sealed interface ClusterEngine {

	/** The name of the bean that is the cluster. */
	String CLUSTER = "cpgTestCluster";

	/** Starts the cluster. */
	TestCluster start();

	/** Returns the properties with which a service uses it. */
	Map<String, Object> properties();

	/**
	 * Registers the bean that puts the service on node 1 of the bean {@link #CLUSTER}.
	 */
	void registerNode(DefaultListableBeanFactory beans);

	/**
	 * A cluster inside the JVM.
	 *
	 * @param nodes the number of nodes
	 */
	record Embedded(int nodes) implements ClusterEngine {

		/**
		 * A leader's lease is half of it. It is a compromise: tests of splits are fast,
		 * and a busy machine does not end each lease.
		 */
		private static final Duration FORMATION_DELAY = Duration.ofMillis(500);

		static ClusterEngine of(EmbeddedCpg annotation) {
			return new Embedded(annotation.nodes());
		}

		@Override
		public TestCluster start() {
			return new EmbeddedTestCluster(
					EmbeddedCluster.builder().nodes(this.nodes).formationDelay(FORMATION_DELAY).start());
		}

		/** The annotation is a decision, so no profile forbids it. */
		@Override
		public Map<String, Object> properties() {
			return Map.of("cpg.mode", "embedded", "cpg.embedded.forbidden-profiles", "");
		}

		@Override
		public void registerNode(DefaultListableBeanFactory beans) {
			RootBeanDefinition cluster = new RootBeanDefinition(EmbeddedCluster.class,
					() -> beans.getBean(CLUSTER, EmbeddedTestCluster.class).embedded());
			cluster.setDependsOn(CLUSTER);
			// The test's cluster closes it.
			cluster.setDestroyMethodName("");
			beans.registerBeanDefinition("cpgTestEmbeddedCluster", cluster);
		}

	}

	/**
	 * A cluster of Corosync daemons.
	 *
	 * @param nodes the number of nodes
	 * @param token the token timeout in milliseconds
	 * @param settings settings of corosync.conf
	 */
	record Corosync(int nodes, int token, List<String> settings) implements ClusterEngine {

		static ClusterEngine of(CorosyncCpg annotation) {
			return new Corosync(annotation.nodes(), annotation.token(), List.of(annotation.settings()));
		}

		@Override
		public TestCluster start() {
			CorosyncCluster.Builder builder = CorosyncCluster.builder()
				.nodes(this.nodes)
				.token(Duration.ofMillis(this.token));
			for (String setting : this.settings) {
				int equals = setting.indexOf('=');
				if (equals < 0) {
					throw new IllegalArgumentException(
							"A setting is written 'section.name=value', not '" + setting + "'");
				}
				builder.setting(setting.substring(0, equals), setting.substring(equals + 1));
			}
			return builder.start();
		}

		@Override
		public Map<String, Object> properties() {
			return Map.of("cpg.mode", "corosync");
		}

		@Override
		public void registerNode(DefaultListableBeanFactory beans) {
			RootBeanDefinition details = new RootBeanDefinition(CpgConnectionDetails.class,
					() -> new NodeConnectionDetails(beans.getBean(CLUSTER, CorosyncCluster.class).node(1)));
			details.setDependsOn(CLUSTER);
			beans.registerBeanDefinition("cpgTestConnectionDetails", details);
		}

		private record NodeConnectionDetails(CorosyncNode node) implements CpgConnectionDetails {

			@Override
			public Path getSocketDirectory() {
				return this.node.socketDirectory();
			}

		}

	}

}
