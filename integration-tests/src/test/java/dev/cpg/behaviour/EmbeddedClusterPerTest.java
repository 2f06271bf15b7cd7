package dev.cpg.behaviour;

import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.test.EmbeddedTestCluster;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a new cluster inside the JVM, with the names of the nodes of a
 * {@link dev.cpg.test.CorosyncCluster}. When a test fails, what has happened in the
 * cluster is printed.
 */
final class EmbeddedClusterPerTest implements ParameterResolver, AfterEachCallback {

	private static final Namespace NAMESPACE = Namespace.create(EmbeddedClusterPerTest.class);

	@Override
	public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
		return ExtensionContextScope.TEST_METHOD;
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
		return parameter.getParameter().getType() == EmbeddedTestCluster.class;
	}

	/** The store of the test closes the cluster. */
	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
		return test.getStore(NAMESPACE)
			.computeIfAbsent(EmbeddedTestCluster.class, (type) -> start(), EmbeddedTestCluster.class);
	}

	private static EmbeddedTestCluster start() {
		EmbeddedCluster.Builder builder = EmbeddedCluster.builder().nodes(3).name("cpg-test");
		for (int node = 1; node <= 3; node++) {
			builder.nodeName(node, "node" + node);
		}
		return new EmbeddedTestCluster(builder.start());
	}

	@Override
	public void afterEach(ExtensionContext test) {
		EmbeddedTestCluster cluster = test.getStore(NAMESPACE)
			.get(EmbeddedTestCluster.class, EmbeddedTestCluster.class);
		if (cluster != null && test.getExecutionException().isPresent()) {
			System.err.println(test.getDisplayName() + " failed. Meanwhile in the cluster:\n" + cluster.history());
		}
	}

}
