package dev.cpg.spring.test;

import dev.cpg.test.TestCluster;
import org.opentest4j.TestAbortedException;

import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Restores a test's cluster before each test, has its history in the failures, and closes
 * it with its context when the class ends.
 */
final class ClusterTestExecutionListener implements TestExecutionListener, Ordered {

	/**
	 * Before the listeners of Spring that prepare a test, as they may need a service that
	 * is a member, and so after them when a class ends, as they may need its context.
	 */
	@Override
	public int getOrder() {
		return 1800;
	}

	@Override
	public void beforeTestMethod(TestContext test) {
		if (ClusterOfClass.find(test.getTestClass()).isPresent()) {
			ApplicationContext context = test.getApplicationContext();
			Reset.of(context).run();
		}
	}

	@Override
	public void afterTestMethod(TestContext test) {
		Throwable failure = test.getTestException();
		if (failure != null && !(failure instanceof TestAbortedException) && test.hasApplicationContext()
				&& ClusterOfClass.find(test.getTestClass()).isPresent()) {
			TestCluster cluster = test.getApplicationContext().getBean(ClusterEngine.CLUSTER, TestCluster.class);
			failure.addSuppressed(new ClusterHistory(cluster.history()));
		}
	}

	/** Spring would keep the context for other classes, and none can use it. */
	@Override
	public void afterTestClass(TestContext test) {
		boolean owner = ClusterOfClass.find(test.getTestClass())
			.filter((cluster) -> cluster.owner() == test.getTestClass())
			.isPresent();
		if (owner && test.hasApplicationContext()) {
			test.markApplicationContextDirty(HierarchyMode.CURRENT_LEVEL);
		}
	}

}
