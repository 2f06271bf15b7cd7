package dev.cpg.spring.test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Instructs mocks of the operations again before each test, as Spring resets them after
 * each one.
 */
final class MockTestExecutionListener implements TestExecutionListener, Ordered {

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void beforeTestMethod(TestContext test) {
		if (MockContextCustomizerFactory.MOCKITO && test.hasApplicationContext()
				&& test.getApplicationContext() instanceof ConfigurableApplicationContext context) {
			MockedOperations.instruct(context.getBeanFactory());
		}
	}

}
