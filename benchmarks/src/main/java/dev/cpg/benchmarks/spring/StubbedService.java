package dev.cpg.benchmarks.spring;

import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CpgConnector;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A service with the starter and the actuator, auto-configured with meters and endpoint
 * as usual, but without a web server and on a {@link StubConnection}.
 */
final class StubbedService implements AutoCloseable {

	private static final String GROUP = "inventory-service";

	private final ConfigurableApplicationContext context;

	private final StubConnection connection;

	private StubbedService(ConfigurableApplicationContext context, StubConnection connection) {
		this.context = context;
		this.connection = connection;
	}

	/**
	 * Starts it.
	 * @param observed whether messages are observed, too, which they are not by default
	 * @param listener the class of the bean that has the listener
	 */
	static StubbedService start(boolean observed, Class<?> listener) {
		AtomicReference<StubConnection> opened = new AtomicReference<>();
		CpgConnector connector = (events) -> {
			StubConnection connection = new StubConnection(events);
			opened.set(connection);
			return connection;
		};
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, listener)
			.web(WebApplicationType.NONE)
			.initializers((starting) -> starting.getBeanFactory().registerSingleton("stub", connector))
			.properties("spring.main.banner-mode=off", "management.endpoints.web.exposure.include=health,metrics,cpg",
					"cpg.group=" + GROUP, "cpg.messages.types.order=" + Order.class.getName(),
					"cpg.delivery.observation-enabled=" + observed, "cpg.template.observation-enabled=" + observed)
			.run();
		return new StubbedService(context, opened.get());
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Makes sure that meters and endpoint have counted one message, so that their cost is
	 * in the figures.
	 * @param meter the meter that must have counted it
	 */
	void expectCounted(String meter) {
		double counted = bean(MeterRegistry.class).get(meter)
			.tag("group", GROUP)
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
		if (counted != 1 || !this.context.containsBean("cpgActivity")) {
			throw new IllegalStateException("Not an ordinary service: meters or endpoint are missing");
		}
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	StubConnection connection() {
		return this.connection;
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
