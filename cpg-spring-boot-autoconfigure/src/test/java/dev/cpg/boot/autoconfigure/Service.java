package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.fixture.OnEmbeddedNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.Member;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import dev.cpg.test.CorosyncNode;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

/**
 * A service as a user would write it, with all of its auto-configuration.
 */
final class Service implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private Service(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static Service start(CorosyncNode node, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("cpg.corosync.socket-directory=" + node.socketDirectory());
		return start(List.of(), all.toArray(String[]::new));
	}

	/**
	 * Starts a service on a node of a cluster inside the JVM.
	 */
	static Service start(EmbeddedNode node, String... properties) {
		return start(node, List.of(), properties);
	}

	/**
	 * Starts a service on a node of a cluster inside the JVM.
	 * @param sources the classes of more beans
	 */
	static Service start(EmbeddedNode node, List<Class<?>> sources, String... properties) {
		return start(builder(sources).initializers(new OnEmbeddedNode(node)), properties);
	}

	/**
	 * Starts a service whose daemon, if any, the sources or the properties name.
	 */
	static Service start(List<Class<?>> sources, String... properties) {
		return start(builder(sources), properties);
	}

	private static SpringApplicationBuilder builder(List<Class<?>> sources) {
		return new SpringApplicationBuilder(Application.class).sources(sources.toArray(Class<?>[]::new))
			.web(WebApplicationType.NONE);
	}

	private static Service start(SpringApplicationBuilder builder, String... properties) {
		List<String> arguments = new ArrayList<>(
				List.of("cpg.reconnect.max-interval=200ms", "spring.main.banner-mode=off"));
		arguments.addAll(List.of(properties));
		return new Service(builder.properties(arguments.toArray(String[]::new)).run());
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	CpgGroup group() {
		return this.context.getBean(CpgGroup.class);
	}

	CpgOperations template() {
		return this.context.getBean(CpgOperations.class);
	}

	List<String> heard() {
		return this.context.getBean(Listeners.class).heard;
	}

	List<String> members() {
		return group().getMembers().stream().map(Member::address).map(Object::toString).toList();
	}

	Health health() {
		Health health = this.context.getBean("cpgHealthContributor", HealthIndicator.class).health();
		if (health == null) {
			throw new IllegalStateException("There is no health");
		}
		return health;
	}

	MeterRegistry meters() {
		return this.context.getBean(MeterRegistry.class);
	}

	void closeOn(String message) {
		this.context.getBean(Listeners.class).closing = message;
	}

	boolean isActive() {
		return this.context.isActive();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Listeners listeners(ConfigurableApplicationContext context) {
			return new Listeners(context);
		}

		@Bean
		ThrowingListener throwingListener() {
			return new ThrowingListener();
		}

	}

	static final class Listeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		private final ConfigurableApplicationContext context;

		private volatile @Nullable String closing;

		Listeners(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@EventListener
		void on(CpgConnectedEvent event) {
			this.heard.add("connected " + event.getLocalAddress());
		}

		@EventListener
		void on(CpgConfigurationChangeEvent event) {
			this.heard.add("joined %s left %s".formatted(event.getJoined(), event.getLeft()));
		}

		@EventListener
		void on(CpgTotemConfigurationChangeEvent event) {
			this.heard.add("ring of " + event.getNodeIds());
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			String message = new String(event.getPayload(), StandardCharsets.UTF_8);
			this.heard.add("%s from %s%s".formatted(message, event.getSender(), event.isLocal() ? " (me)" : ""));
			if (message.equals(this.closing)) {
				this.context.close();
			}
		}

		@EventListener
		void on(CpgDisconnectedEvent event) {
			this.heard.add("disconnected" + ((event.getCause() != null) ? " by accident" : ""));
		}

	}

	/**
	 * Comes first and fails always.
	 */
	static final class ThrowingListener {

		@EventListener
		@Order(-100)
		@SuppressWarnings("DoNotCallSuggester")
		void on(CpgDeliverEvent<byte[]> event) {
			throw new IllegalStateException("A listener's mistake");
		}

	}

}
