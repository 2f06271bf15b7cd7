package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CorosyncException;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.fixture.OnEmbeddedNode;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageHeaders;
import dev.cpg.spring.message.CpgMessageType;
import dev.cpg.spring.observation.CpgDeliverContext;
import dev.cpg.spring.observation.CpgDeliverObservationConvention;
import dev.cpg.spring.observation.CpgSendContext;
import dev.cpg.spring.observation.DefaultCpgDeliverObservationConvention;
import dev.cpg.spring.observation.DefaultCpgSendObservationConvention;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * Observations of services, each with a tracer and an exporter of its own: what they have
 * in common came with the messages.
 */
@Timeout(60)
class CpgObservationTests {

	@AutoClose
	private final EmbeddedCluster cluster = EmbeddedCluster.start(2);

	private static final String TYPES = "cpg.messages.types.order=" + Order.class.getName();

	private static final String[] OBSERVED = { "cpg.template.observation-enabled=true",
			"cpg.delivery.observation-enabled=true", TYPES };

	@Test
	void oneTraceSpansTheMembersThatATypedMessageReaches() {
		try (ConfigurableApplicationContext one = start(this.cluster.node(1), "observed-1", OBSERVED);
				ConfigurableApplicationContext two = start(this.cluster.node(2), "observed-1", OBSERVED)) {
			Observation.createNotStarted("request", one.getBean(ObservationRegistry.class))
				.observe(() -> assertThat(operations(one).convertAndMulticast(new Order(1)))
					.succeedsWithin(Duration.ofSeconds(10)));
			await().untilAsserted(() -> assertThat(spans(one)).hasSize(4));
			await().untilAsserted(() -> assertThat(spans(two)).hasSize(2));
			SpanData request = span(one, "request");
			SpanData send = span(one, "observed-1 send");
			assertThat(send.getParentSpanId()).isEqualTo(request.getSpanId());
			assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
			for (ConfigurableApplicationContext receiver : List.of(one, two)) {
				SpanData process = span(receiver, "observed-1 process");
				assertThat(process.getTraceId()).isEqualTo(request.getTraceId());
				assertThat(process.getParentSpanId()).isEqualTo(send.getSpanId());
				assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
				assertThat(span(receiver, "listener").getParentSpanId()).as("what a listener does")
					.isEqualTo(process.getSpanId());
			}
			assertThat(attributes(send)).contains(entry("messaging.system", "corosync"),
					entry("messaging.operation.name", "send"), entry("messaging.destination.name", "observed-1"));
			assertThat(attributes(span(two, "observed-1 process"))).contains(
					entry("messaging.operation.name", "process"), entry("cpg.message.type", "order"),
					entry("cpg.sender", "1/11"));
			assertThat(two.getBean(Listeners.class).traceParent).contains(request.getTraceId());
		}
	}

	@Test
	void aRawMessageIsObservedOnEachSideByItself() {
		try (ConfigurableApplicationContext one = start(this.cluster.node(1), "observed-2", OBSERVED);
				ConfigurableApplicationContext two = start(this.cluster.node(2), "observed-2", OBSERVED)) {
			assertThat(operations(one).multicast("hello")).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(spans(two)).hasSize(1));
			await().untilAsserted(() -> assertThat(spans(one)).hasSize(2));
			assertThat(span(two, "observed-2 process").getTraceId())
				.isNotEqualTo(span(one, "observed-2 send").getTraceId());
			assertThat(attributes(span(one, "observed-2 send"))).contains(entry("messaging.message.body.size", "5"));
		}
	}

	@Test
	void whatFailsIsAnErrorOfItsObservationAndTheNamesCanBeReplaced() {
		try (ConfigurableApplicationContext one = application(this.cluster.node(1), "observed-3")
			.sources(OwnNames.class)
			.properties(OBSERVED)
			.run()) {
			assertThat(operations(one).convertAndMulticast(new Order(-1))).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(spans(one)).hasSize(2));
			assertThat(span(one, "own name of observed-3").getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
			assertThat(span(one, "observed-3 process").getStatus().getDescription()).contains("not an order");
			assertThat(operations(one).convertAndMulticast(new Unknown())).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(CorosyncException.class);
			await().untilAsserted(() -> assertThat(spans(one)).hasSize(3));
			assertThat(spans(one).get(2).getStatus().getDescription()).contains("has no name");
		}
	}

	@Test
	void theNamesAndTagsOfDeliveriesCanBeReplaced() {
		try (ConfigurableApplicationContext one = application(this.cluster.node(1), "observed-5")
			.sources(OwnNamesOfDeliveries.class)
			.properties(OBSERVED)
			.run()) {
			assertThat(operations(one).convertAndMulticast(new Order(1))).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(spans(one)).extracting(SpanData::getName)
				.containsExactlyInAnyOrder("observed-5 send", "listener", "own name of order"));
			assertThat(attributes(span(one, "own name of order"))).contains(entry("own.tag", "1/11"))
				.doesNotContainKey("messaging.destination.name");
		}
	}

	@Test
	void withoutTheSettingsNothingIsObserved() {
		try (ConfigurableApplicationContext one = start(this.cluster.node(1), "observed-4", TYPES)) {
			assertThat(operations(one).convertAndMulticast(new Order(1))).succeedsWithin(Duration.ofSeconds(10));
			await().until(() -> one.getBean(Listeners.class).heard == 1);
			assertThat(spans(one)).extracting(SpanData::getName).containsExactly("listener");
			assertThat(one.getBean(Listeners.class).traceParent).isNull();
		}
	}

	private static ConfigurableApplicationContext start(EmbeddedNode node, String group, String... properties) {
		return application(node, group).properties(properties).run();
	}

	private static SpringApplicationBuilder application(EmbeddedNode node, String group) {
		return new SpringApplicationBuilder(Application.class).initializers(new OnEmbeddedNode(node))
			.web(WebApplicationType.NONE)
			.properties("cpg.member-id=" + 11 * node.nodeId(), "cpg.group=" + group, "spring.main.banner-mode=off");
	}

	private static CpgOperations operations(ConfigurableApplicationContext context) {
		return context.getBean(CpgOperations.class);
	}

	private static List<SpanData> spans(ConfigurableApplicationContext context) {
		return context.getBean(InMemorySpanExporter.class).getFinishedSpanItems();
	}

	private static SpanData span(ConfigurableApplicationContext context, String name) {
		return spans(context).stream().filter((span) -> span.getName().equals(name)).findFirst().orElseThrow();
	}

	private static Map<String, String> attributes(SpanData span) {
		Map<String, String> attributes = new HashMap<>();
		span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value.toString()));
		return attributes;
	}

	@CpgMessageType("order")
	record Order(int id) {
	}

	record Unknown() {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		InMemorySpanExporter spanExporter() {
			return InMemorySpanExporter.create();
		}

		@Bean(destroyMethod = "close")
		SdkTracerProvider tracerProvider(InMemorySpanExporter exporter) {
			return SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
		}

		@Bean
		ObservationRegistry tracingRegistry(SdkTracerProvider provider) {
			Tracer tracer = provider.get("test");
			OtelTracer bridge = new OtelTracer(tracer, new OtelCurrentTraceContext(), (event) -> {
			});
			OtelPropagator propagator = new OtelPropagator(
					ContextPropagators.create(W3CTraceContextPropagator.getInstance()), tracer);
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig()
				.observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
						new PropagatingSenderTracingObservationHandler<>(bridge, propagator),
						new PropagatingReceiverTracingObservationHandler<>(bridge, propagator),
						new DefaultTracingObservationHandler(bridge)));
			return registry;
		}

		@Bean
		Listeners listeners(ObservationRegistry registry) {
			return new Listeners(registry);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnNames {

		@Bean
		DefaultCpgSendObservationConvention ownConvention() {
			return new DefaultCpgSendObservationConvention() {

				@Override
				public String getContextualName(CpgSendContext context) {
					return "own name of " + context.getGroup();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnNamesOfDeliveries {

		@Bean
		CpgDeliverObservationConvention ownConvention() {
			return new DefaultCpgDeliverObservationConvention() {

				@Override
				public String getContextualName(CpgDeliverContext context) {
					return "own name of " + context.getEvent().getTypeName();
				}

				@Override
				public KeyValues getLowCardinalityKeyValues(CpgDeliverContext context) {
					return KeyValues.of("own.tag", context.getEvent().getSender().toString());
				}

			};
		}

	}

	static class Listeners {

		private final ObservationRegistry registry;

		private volatile @Nullable String traceParent;

		private volatile int heard;

		Listeners(ObservationRegistry registry) {
			this.registry = registry;
		}

		@EventListener
		void on(CpgDeliverEvent<Order> event) {
			if (event.getPayload().id() < 0) {
				throw new IllegalArgumentException("not an order");
			}
			this.traceParent = event.getHeaders().get(CpgMessageHeaders.TRACE_PARENT);
			Observation.createNotStarted("listener", this.registry).observe(() -> {
			});
			this.heard = 1;
		}

	}

}
