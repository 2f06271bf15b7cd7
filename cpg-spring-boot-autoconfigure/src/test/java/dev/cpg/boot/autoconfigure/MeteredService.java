package dev.cpg.boot.autoconfigure;

import dev.cpg.boot.autoconfigure.metrics.CpgMetricsAutoConfiguration;
import dev.cpg.fixture.ServiceNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * A service in the group {@code orders}, with meters, on a cluster inside the JVM. It can
 * be started several times.
 */
final class MeteredService implements AutoCloseable {

	private final ServiceNode node = new ServiceNode();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	ServiceNode node() {
		return this.node;
	}

	SimpleMeterRegistry meters() {
		return this.meters;
	}

	/**
	 * Returns what runs the service.
	 * @param listeners the bean that has its listeners
	 * @param properties its properties besides the group
	 */
	ApplicationContextRunner runner(Object listeners, String... properties) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgMetricsAutoConfiguration.class))
			.withInitializer(this.node::register)
			.withBean(SimpleMeterRegistry.class, () -> this.meters)
			.withInitializer((context) -> context.getBeanFactory().registerSingleton("listeners", listeners))
			.withPropertyValues("cpg.group=orders")
			.withPropertyValues(properties);
	}

	@Override
	public void close() {
		this.node.close();
	}

}
