package dev.cpg.spring.test;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.ClassUtils;

/**
 * Has mocks of the operations answer while a context starts, too.
 */
final class MockContextCustomizerFactory implements ContextCustomizerFactory {

	static final boolean MOCKITO = ClassUtils.isPresent("org.mockito.Mockito",
			MockContextCustomizerFactory.class.getClassLoader());

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configuration) {
		return MOCKITO ? new MockContextCustomizer() : null;
	}

	/**
	 * It has no state, so that it never keeps test classes from sharing a context.
	 */
	record MockContextCustomizer() implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
			context.getBeanFactory().registerSingleton("cpgTestMockInstructor", new MockInstructor());
		}

	}

	/**
	 * Runs after Spring has registered the mocks, and before other beans are created.
	 */
	private static final class MockInstructor implements BeanFactoryPostProcessor, Ordered {

		@Override
		public int getOrder() {
			return LOWEST_PRECEDENCE;
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
			MockedOperations.instruct(beans);
		}

	}

}
