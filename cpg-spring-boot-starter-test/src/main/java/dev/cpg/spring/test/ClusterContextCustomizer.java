package dev.cpg.spring.test;

import dev.cpg.test.TestCluster;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Gives a context its cluster and its record of events. It is part of the key under which
 * Spring keeps the context, and the owner is part of it: no two test classes have the
 * same cluster.
 *
 * @param cluster what the test class asks for
 */
record ClusterContextCustomizer(ClusterOfClass cluster) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		ClusterEngine engine = this.cluster.engine();
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterEngine.CLUSTER, engine.properties()));
		DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
		beans.registerBeanDefinition(ClusterEngine.CLUSTER, new RootBeanDefinition(TestCluster.class, engine::start));
		engine.registerNode(beans);
		CpgEvents events = new CpgEvents();
		beans.registerSingleton("cpgTestEvents", events);
		context.addApplicationListener(events.recorder());
	}

}
