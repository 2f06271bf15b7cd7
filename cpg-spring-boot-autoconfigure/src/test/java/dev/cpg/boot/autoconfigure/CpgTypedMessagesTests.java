package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

import dev.cpg.boot.autoconfigure.scanned.Shipment;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageConverters;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageTypes;
import dev.cpg.test.TestMember;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class CpgTypedMessagesTests {

	private final Listeners listeners = new Listeners();

	@AutoClose
	private final MeteredService service = new MeteredService();

	private final SimpleMeterRegistry meters = this.service.meters();

	private final ApplicationContextRunner runner = this.service.runner(this.listeners,
			"cpg.messages.types.purchase=dev.cpg.boot.autoconfigure.CpgTypedMessagesTests$Purchase");

	@Test
	void aTypedMessageIsDeliveredAsAnEventAndRightAfterItAsItsPayloadInOrder() {
		this.runner.run((context) -> {
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				send(context, new Purchase(i), Map.of("correlationId", "c" + i));
				expected.add("event Purchase[id=" + i + "] purchase c" + i + " from 1/100");
				expected.add("payload Purchase[id=" + i + "] local true");
				send(context, "t" + i, Map.of());
				expected.add("text t" + i);
			}
			awaitHeard(expected);
		});
	}

	@Test
	void rawMessagesAndBytesAreDeliveredAsBytes() {
		this.runner.run((context) -> {
			this.service.node().join("orders").send("{\"id\":1}").join();
			var unused = context.getBean(CpgOperations.class).multicast("raw");
			send(context, "bytes".getBytes(StandardCharsets.UTF_8), Map.of());
			awaitHeard(List.of("bytes {\"id\":1} of null", "bytes raw of null", "bytes bytes of null"));
		});
	}

	@Test
	void badMessagesAreCountedAndTheNextComesAllTheSame() {
		this.runner.run((context) -> {
			TestMember other = this.service.node().join("orders");
			byte[] good = mapper(Map.of("purchase", Purchase.class)).write(new Purchase(1), Map.of());
			byte[] newer = good.clone();
			newer[8] = 3;
			byte[] malformed = good.clone();
			malformed[10] = (byte) 0xff;
			byte[] broken = good.clone();
			broken[broken.length - 1] = '!';
			byte[] foreign = mapper(Map.of("other", Other.class)).write(new Other(1), Map.of());
			for (byte[] message : List.of(newer, malformed, broken, foreign, good)) {
				other.send(message).join();
			}
			awaitHeard(List.of("bytes {\"id\":1! of purchase", "bytes {\"id\":1} of other",
					"event Purchase[id=1] purchase null from " + other.address(),
					"payload Purchase[id=1] local false"));
			for (String reason : List.of("newer_version", "malformed", "type_not_allowed", "conversion_failed")) {
				assertThat(this.meters.get("cpg.messages.unconverted")
					.tags("group", "orders", "reason", reason)
					.counter()
					.count()).as(reason).isEqualTo(1);
			}
			assertThat(this.meters.get("cpg.messages.delivered").counter().count()).isEqualTo(5);
		});
	}

	@Test
	void aListenerThatThrowsStopsNeitherTheOtherListenersNorTheNextMessage() {
		this.runner.withBean(ThrowingListeners.class).run((context) -> {
			send(context, new Purchase(1), Map.of());
			send(context, new Purchase(2), Map.of());
			awaitHeard(List.of("event Purchase[id=1] purchase null from 1/100", "payload Purchase[id=1] local true",
					"event Purchase[id=2] purchase null from 1/100", "payload Purchase[id=2] local true"));
		});
	}

	@Test
	void aListenerThatTheApplicationItselfNotifiesThrowsAsEver() {
		this.runner.withBean(ThrowingListeners.class)
			.run((context) -> assertThatIllegalStateException().isThrownBy(() -> context.publishEvent(new Purchase(1)))
				.withMessage("A listener's mistake"));
	}

	@Test
	void conditionsSeeTheEvent() {
		ConditionalListeners conditional = new ConditionalListeners();
		this.runner.withBean(ConditionalListeners.class, () -> conditional).run((context) -> {
			send(context, new Purchase(1), Map.of("shop", "Köln"));
			this.service.node().join("orders").send(purchase(2)).join();
			await().untilAsserted(() -> assertThat(conditional.heard).containsExactlyInAnyOrder("local 1", "remote 2",
					"node two 2", "orders 1", "orders 2", "Köln 1", "remote payload 2"));
		});
	}

	@Test
	void annotatedClassesOfTheApplicationsPackagesAreAllowed() {
		this.runner.withUserConfiguration(ScannedApplication.class).run((context) -> {
			send(context, new Shipment("here"), Map.of());
			awaitHeard(List.of("shipment Shipment[place=here]"));
		});
	}

	@Test
	void withoutPackagesOnlyThoseOfThePropertiesAre() {
		this.runner.run((context) -> {
			send(context, new Shipment("here"), Map.of());
			awaitHeard(List.of("bytes {\"place\":\"here\"} of shipment"));
		});
	}

	@Test
	void theApplicationsJsonMapperWritesTheJson() {
		this.runner.withBean(JsonMapper.class,
				() -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE).build())
			.run((context) -> assertThat(context.getBean(CpgMessageMapper.class).write(new Purchase(1), Map.of()))
				.asString(StandardCharsets.UTF_8)
				.endsWith("{\"Id\":1}"));
	}

	@Test
	void theApplicationsConvertersTakeThePlaceOfThese() {
		this.runner.withBean(CpgMessageConverters.class, () -> CpgMessageConverters.of(new StringMessageConverter()))
			.run((context) -> {
				assertThat(context).hasSingleBean(CpgMessageConverters.class);
				assertThat(context.getBean(CpgOperations.class).convertAndMulticast(new Purchase(1)))
					.isCompletedExceptionally();
				send(context, "text", Map.of());
				awaitHeard(List.of("text text"));
			});
	}

	@Test
	void convertersOfOthersAreLeftAloneAndNoneIsAdded() {
		this.runner
			.withBean("brokerMessageConverter", CompositeMessageConverter.class,
					() -> new CompositeMessageConverter(List.of(new StringMessageConverter())))
			.run((context) -> {
				assertThat(context).hasSingleBean(MessageConverter.class);
				send(context, new Purchase(1), Map.of());
				awaitHeard(
						List.of("event Purchase[id=1] purchase null from 1/100", "payload Purchase[id=1] local true"));
			});
	}

	@Test
	void whatCannotBeSentFailsItsFutureAndIsCounted() {
		this.runner.run((context) -> {
			assertThat(context.getBean(CpgOperations.class).convertAndMulticast(new Other(1)))
				.failsWithin(Duration.ZERO)
				.withThrowableOfType(ExecutionException.class)
				.havingCause()
				.isInstanceOfSatisfying(CorosyncException.class,
						(ex) -> assertThat(ex.error()).isEqualTo(CsError.INVALID_PARAM));
			assertThat(this.meters.get("cpg.messages.sent").tag("outcome", "rejected").counter().count()).isEqualTo(1);
		});
	}

	@Test
	void aNameThatIsTakenIsRefusedByTheProperty() {
		this.runner.withPropertyValues("cpg.messages.types.string=java.lang.Integer")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("cpg.messages.types.string")));
	}

	@Test
	void aClassThatIsNotThereIsRefusedAtTheStart() {
		this.runner.withPropertyValues("cpg.messages.types.order=com.example.Missing")
			.run((context) -> assertThatException().isThrownBy(() -> {
				throw context.getStartupFailure();
			}).havingRootCause().withMessageContaining("com.example.Missing"));
	}

	private static void send(ApplicationContext context, Object payload, Map<String, Object> headers) {
		assertThat(context.getBean(CpgOperations.class).convertAndMulticast(payload, headers))
			.isNotCompletedExceptionally();
	}

	private static byte[] purchase(int id) {
		return mapper(Map.of("purchase", Purchase.class)).write(new Purchase(id), Map.of());
	}

	private static CpgMessageMapper mapper(Map<String, Class<?>> types) {
		return new CpgMessageMapper(new CpgMessageTypes(types),
				new CpgMessagesConfiguration.JsonConfiguration().cpgMessageConverters(new StaticListableBeanFactory()));
	}

	private void awaitHeard(List<String> expected) {
		await().untilAsserted(() -> assertThat(this.listeners.heard).containsExactlyElementsOf(expected));
	}

	record Purchase(int id) {
	}

	record Other(int id) {
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Shipment.class)
	static class ScannedApplication {

	}

	static final class Listeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgDeliverEvent<Purchase> event) {
			this.heard.add("event %s %s %s from %s".formatted(event.getPayload(), event.getTypeName(),
					event.getHeaders().get("correlationId"), event.getSender()));
		}

		@EventListener
		void payload(PayloadApplicationEvent<Purchase> event) {
			if (event.getSource() instanceof CpgDeliverEvent<?> source) {
				this.heard.add("payload " + event.getPayload() + " local " + source.isLocal());
			}
		}

		@EventListener
		void text(CpgDeliverEvent<String> event) {
			this.heard.add("text " + event.getPayload());
		}

		@EventListener
		void bytes(CpgDeliverEvent<byte[]> event) {
			this.heard.add("bytes %s of %s".formatted(new String(event.getPayload(), StandardCharsets.UTF_8),
					event.getTypeName()));
		}

		@EventListener
		void shipment(Shipment shipment) {
			this.heard.add("shipment " + shipment);
		}

	}

	@SuppressWarnings("DoNotCallSuggester")
	static final class ThrowingListeners {

		@EventListener
		@Order(-100)
		void on(CpgDeliverEvent<Purchase> event) {
			throw new IllegalStateException("A listener's mistake");
		}

		@EventListener
		@Order(-100)
		void on(Purchase purchase) {
			throw new IllegalStateException("A listener's mistake");
		}

	}

	static final class ConditionalListeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener(condition = "#root.event.local")
		void local(CpgDeliverEvent<Purchase> event) {
			this.heard.add("local " + event.getPayload().id());
		}

		@EventListener(condition = "!#event.local")
		void remote(CpgDeliverEvent<Purchase> event) {
			this.heard.add("remote " + event.getPayload().id());
		}

		@EventListener(condition = "#event.sender.nodeId == 2")
		void sender(CpgDeliverEvent<Purchase> event) {
			this.heard.add("node two " + event.getPayload().id());
		}

		@EventListener(condition = "#event.group == 'orders'")
		void group(CpgDeliverEvent<Purchase> event) {
			this.heard.add("orders " + event.getPayload().id());
		}

		@EventListener(condition = "#event.headers['shop'] == 'Köln'")
		void header(CpgDeliverEvent<Purchase> event) {
			this.heard.add("Köln " + event.getPayload().id());
		}

		@EventListener(condition = "!#root.event.source.local")
		void payload(Purchase purchase) {
			this.heard.add("remote payload " + purchase.id());
		}

	}

}
