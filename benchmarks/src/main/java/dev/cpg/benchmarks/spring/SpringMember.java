package dev.cpg.benchmarks.spring;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.message.CpgMessageMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A member with the starter: a service with the actuator, auto-configured with meters and
 * endpoint as usual, but without a web server.
 */
final class SpringMember implements Member {

	private static final String GROUP = "inventory-service";

	private final ConfigurableApplicationContext context;

	private final CpgTemplate template;

	private final Receiver receiver;

	private final Kind kind;

	SpringMember(EmbeddedNode node, Kind kind) {
		this.kind = kind;
		this.context = new SpringApplicationBuilder(Application.class,
				kind.isTyped() ? Receiver.OfOrders.class : Receiver.OfBytes.class)
			.web(WebApplicationType.NONE)
			.initializers((starting) -> starting.getBeanFactory().registerSingleton("embeddedNode", node))
			.properties("spring.main.banner-mode=off", "management.endpoints.web.exposure.include=health,metrics,cpg",
					"cpg.mode=embedded", "cpg.group=" + GROUP, "cpg.messages.types.order=" + Order.class.getName(),
					"cpg.delivery.observation-enabled=" + kind.isObserved(),
					"cpg.template.observation-enabled=" + kind.isObserved())
			.run();
		this.template = this.context.getBean(CpgTemplate.class);
		this.receiver = this.context.getBean(Receiver.class);
	}

	/** Returns the bytes that it sends. */
	byte[] message() {
		return this.kind.isTyped() ? this.context.getBean(CpgMessageMapper.class).write(Kind.ORDER, Map.of())
				: Kind.BYTES.clone();
	}

	@Override
	public CompletableFuture<CpgView> send() {
		return this.kind.isTyped() ? this.template.convertAndMulticast(Kind.ORDER, Map.of())
				: this.template.multicast(Kind.BYTES);
	}

	@Override
	public Receiver receiver() {
		return this.receiver;
	}

	/**
	 * Makes sure that meters and endpoint have counted the messages, so that their cost
	 * is in the figures.
	 * @param messages how many were sent
	 */
	void requireCounted(long messages) {
		if (counted("cpg.messages.sent") != messages || counted("cpg.messages.delivered") != messages
				|| !this.context.containsBean("cpgActivity")) {
			throw new IllegalStateException("Not an ordinary service: meters or endpoint are missing");
		}
	}

	private double counted(String meter) {
		return this.context.getBean(MeterRegistry.class)
			.get(meter)
			.tag("group", GROUP)
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
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
