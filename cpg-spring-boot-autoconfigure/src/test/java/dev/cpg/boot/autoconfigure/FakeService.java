package dev.cpg.boot.autoconfigure;

import dev.cpg.boot.autoconfigure.metrics.CpgMetricsAutoConfiguration;
import dev.cpg.client.CpgConnector;
import dev.cpg.fake.FakeConnector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * A service in the group {@code orders}, with meters, whose connections are fakes.
 */
final class FakeService {

	private final FakeConnector connector = new FakeConnector();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	FakeConnector connector() {
		return this.connector;
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
			.withBean(CpgConnector.class, () -> this.connector)
			.withBean(SimpleMeterRegistry.class, () -> this.meters)
			.withInitializer((context) -> context.getBeanFactory().registerSingleton("listeners", listeners))
			.withPropertyValues("cpg.group=orders")
			.withPropertyValues(properties);
	}

}
