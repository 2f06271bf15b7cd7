package dev.cpg.boot.autoconfigure.messages;

import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.scanned.Shipment;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.message.CpgMessageConverters;
import dev.cpg.spring.message.CpgMessageTypes;
import dev.cpg.wrong.composed.Shipped;
import dev.cpg.wrong.duplicate.Duplicates;
import dev.cpg.wrong.event.OrderPlaced;
import dev.cpg.wrong.generic.Page;
import dev.cpg.wrong.unreadable.Shape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.event.TransactionalEventListenerFactory;
import org.springframework.util.MimeType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What is known to be wrong with types and listeners before any message is sent.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class CpgMessageTypesAtStartTests {

	private static final String NEVER = "is never called";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withBean(ServiceNode.class)
		.withPropertyValues("cpg.group=orders");

	@Test
	void twoAnnotatedClassesOfOneName(CapturedOutput output) {
		fail(DuplicatesApplication.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Duplicates$Order")
			.contains("Duplicates$OldOrder")
			.contains("both say @CpgMessageType(\"order\")")
			.contains("cpg.messages.types.order=dev.cpg.wrong.duplicate.Duplicates$");
		assertThat(output.toString().lines().filter((line) -> line.startsWith("\tat "))).isEmpty();
	}

	@Test
	void anAnnotationOfTheApplicationsOwnGivesATypeItsNameAndIsNone(CapturedOutput output) {
		this.runner.withUserConfiguration(ComposedApplication.class)
			.run((context) -> assertThat(context.getBean(CpgMessageTypes.class).asMap()).containsOnlyKeys("shipped",
					CpgMessageTypes.STRING));
		assertThat(output).doesNotContain("cannot be read");
	}

	@Test
	void whatAConverterOfAnotherContentTypeReadsIsNotWarnedOf(CapturedOutput output) {
		this.runner.withPropertyValues("cpg.messages.types.point=" + Point.class.getName())
			.withBean(CpgMessageConverters.class,
					() -> CpgMessageConverters.of(new ByteArrayMessageConverter(), new PointConverter(),
							new JacksonJsonMessageConverter(new JsonMapper())))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("cannot be read");
	}

	@Test
	void whatOnlyJsonCouldReadIsWarnedOfBesideOtherConverters(CapturedOutput output) {
		this.runner.withPropertyValues("cpg.messages.types.runnable=java.lang.Runnable")
			.withBean(CpgMessageConverters.class,
					() -> CpgMessageConverters.of(new ByteArrayMessageConverter(), new PointConverter(),
							new JacksonJsonMessageConverter(new JsonMapper())))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("Messages of the type 'runnable' cannot be read");
	}

	@Test
	void theNameOfANestedClassMayBeThatOfAType() {
		this.runner.withPropertyValues("cpg.messages.types[shop.Order$Created]=java.lang.Integer")
			.run((context) -> assertThat(context.getBean(CpgMessageTypes.class).asMap())
				.containsKey("shop.Order$Created"));
	}

	@Test
	void aPropertyWithBracketsIsNamedAsItIsWritten() {
		this.runner.withPropertyValues("cpg.messages.types[orders/placed]=java.util.Map")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("cpg.messages.types[orders/placed]")));
	}

	@Test
	void aPropertyDecidesBetweenTwoAnnotatedClassesOfOneName() {
		this.runner.withUserConfiguration(DuplicatesApplication.class)
			.withPropertyValues("cpg.messages.types.order=" + Duplicates.class.getName() + "$Order")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void anAnnotatedEventOfSpringsOwn(CapturedOutput output) {
		fail(EventApplication.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("OrderPlaced says @CpgMessageType(\"order-placed\"), and cannot be a type of messages")
			.contains("must not be an ApplicationEvent");
	}

	@Test
	void anAnnotatedGenericClass(CapturedOutput output) {
		fail(GenericApplication.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Page says @CpgMessageType(\"page\"), and cannot be a type of messages")
			.contains("must not be generic");
	}

	@ParameterizedTest
	@ValueSource(classes = { OrderPlaced.class, CpgConnectedEvent.class, PayloadApplicationEvent.class,
			OrderEvent.class, OrderPlaced[].class, Page.class, Page[].class, Map.class, Supplier.class, Class.class,
			Enum.class, Object.class, byte[].class })
	void aTypeOfThePropertiesThatSpringCannotRoute(Class<?> type, CapturedOutput output) {
		assertThatException().isThrownBy(() -> application(Plain.class).run("--cpg.group=orders",
				"--cpg.messages.types.order-placed=" + type.getName()));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '" + type.getName() + "' for configuration property "
					+ "'cpg.messages.types.order-placed'")
			.contains("The type 'order-placed' must ");
	}

	@Test
	void anAnnotatedInterfaceThatDoesNotSayWhichClassItIs(CapturedOutput output) {
		this.runner.withUserConfiguration(UnreadableApplication.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(warnings(output)).singleElement()
				.asString()
				.contains("Messages of the type 'shape' cannot be read, and will be delivered as bytes")
				.contains("abstract types")
				.contains("cpg.messages.types.shape=CLASS");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { Shape.class, Shape[].class, Base.class, TwoArguments.class, Inner.class })
	void typesOfThePropertiesThatJsonCannotMake(Class<?> type, CapturedOutput output) {
		this.runner.withPropertyValues("cpg.messages.types.shape=" + type.getName()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(warnings(output)).singleElement()
				.asString()
				.contains("Messages of the type 'shape' cannot be read");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { Shipment.class, Figure.class, Made.class, Wrapped.class, Thread.State.class, int[].class,
			Number[][].class, String[].class, CharSequence.class })
	void typesThatJsonCanMakeAreNotWarnedOf(Class<?> type, CapturedOutput output) {
		this.runner.withPropertyValues("cpg.messages.types.shape=" + type.getName()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(warnings(output)).isEmpty();
		});
	}

	@Test
	void aClassOfTwoNamesThatDoesNotSayWhichItIsSentUnder(CapturedOutput output) {
		this.runner
			.withPropertyValues("cpg.messages.types.one=" + Line.class.getName(),
					"cpg.messages.types.two=" + Line.class.getName())
			.run((context) -> assertThat(warnings(output)).singleElement()
				.asString()
				.contains("has several names, [one, two]"));
	}

	@Test
	void listenersOfWhatNoMessageIsAreNamed(CapturedOutput output) {
		this.runner.withBean(DeafListeners.class)
			.withBean(DeafListener.class)
			.withPropertyValues("cpg.messages.types.line=" + Line.class.getName())
			.run((context) -> {
				assertThat(warnings(output)).hasSize(4);
				assertThat(warnings(output)).anyMatch((line) -> line.contains("DeafListeners.unknown(")
						&& line.contains(NEVER) && line.contains("cpg.messages.types.NAME=CLASS"));
				assertThat(warnings(output)).anyMatch(
						(line) -> line.contains("DeafListeners.generic(") && line.contains("List<java.lang.Integer>"));
				assertThat(warnings(output)).anyMatch((line) -> line.contains("DeafListeners.annotated(")
						&& line.contains("cpg.messages.types.shipment=" + Shipment.class.getName()));
				assertThat(warnings(output)).anyMatch(
						(line) -> line.contains("DeafListener@") && line.contains("CpgDeliverEvent<? extends Figure>"));
			});
	}

	@Test
	void transactionalListenersOfAGroupsEventsAreNamedUnlessTheyFallBack(CapturedOutput output) {
		this.runner.withBean(TransactionalEventListenerFactory.class)
			.withBean(TransactionalListeners.class)
			.withPropertyValues("cpg.messages.types.line=" + Line.class.getName())
			.run((context) -> {
				assertThat(warnings(output)).hasSize(2)
					.allMatch((line) -> line.contains(NEVER) && line.contains("fallbackExecution = true"));
				assertThat(warnings(output)).anyMatch((line) -> line.contains("TransactionalListeners.line("));
				assertThat(warnings(output)).anyMatch((line) -> line.contains("TransactionalListeners.end("));
			});
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains(" WARN ")).toList();
	}

	private static void fail(Class<?> application) {
		assertThatException().isThrownBy(() -> application(application).run("--cpg.group=orders"));
	}

	private static SpringApplicationBuilder application(Class<?> application) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.initializers((GenericApplicationContext context) -> context.registerBean(ServiceNode.class));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	static class Plain {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	@AutoConfigurationPackage(basePackageClasses = Duplicates.class)
	static class DuplicatesApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	@AutoConfigurationPackage(basePackageClasses = OrderPlaced.class)
	static class EventApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	@AutoConfigurationPackage(basePackageClasses = Page.class)
	static class GenericApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Shipped.class)
	static class ComposedApplication {

	}

	/** A class that no message in JSON can become an object of. */
	static final class Point {

		private final int size;

		Point(int size, Runnable other) {
			this.size = size;
		}

	}

	static final class PointConverter extends AbstractMessageConverter {

		PointConverter() {
			super(new MimeType("application", "x-point"));
		}

		@Override
		protected boolean supports(Class<?> type) {
			return type == Point.class;
		}

		@Override
		protected Object convertFromInternal(Message<?> message, Class<?> type, @Nullable Object hint) {
			return new Point(((byte[]) message.getPayload()).length, () -> {
			});
		}

		@Override
		protected Object convertToInternal(Object payload, @Nullable MessageHeaders headers, @Nullable Object hint) {
			return new byte[((Point) payload).size];
		}

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Shape.class)
	static class UnreadableApplication {

	}

	static final class OrderEvent extends PayloadApplicationEvent<String> {

		@Serial
		private static final long serialVersionUID = 1L;

		OrderEvent(Object source, String payload) {
			super(source, payload);
		}

	}

	abstract static class Base {

	}

	static final class TwoArguments {

		private TwoArguments(int one, int two) {
			assertThat(one).isNotEqualTo(two);
		}

		static TwoArguments of(int one) {
			return new TwoArguments(one, one + 1);
		}

	}

	@SuppressWarnings("ClassCanBeStatic")
	final class Inner {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Figure permits Line {

	}

	record Line(int length) implements Figure {
	}

	record Made(int id) {

		@JsonCreator
		static Made of(@JsonProperty("id") int id) {
			return new Made(id);
		}

	}

	static final class Wrapped {

		private final String text;

		@JsonCreator
		Wrapped(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	record Unknown(int id) {
	}

	static final class DeafListeners {

		@EventListener
		void unknown(CpgDeliverEvent<Unknown> event) {
		}

		@EventListener
		void generic(CpgDeliverEvent<List<Integer>> event) {
		}

		@EventListener
		void annotated(CpgDeliverEvent<Shipment> event) {
		}

		@EventListener
		void figure(CpgDeliverEvent<Figure> event) {
		}

		@EventListener
		void any(CpgDeliverEvent<?> event) {
		}

		@EventListener
		void bytes(CpgDeliverEvent<byte[]> event) {
		}

		@EventListener
		void line(CpgDeliverEvent<Line> event) {
		}

		@EventListener
		void local(Unknown unknown) {
		}

	}

	static final class DeafListener implements ApplicationListener<CpgDeliverEvent<Figure>> {

		@Override
		public void onApplicationEvent(CpgDeliverEvent<Figure> event) {
		}

	}

	static final class TransactionalListeners {

		@TransactionalEventListener
		void line(CpgDeliverEvent<Line> event) {
		}

		@TransactionalEventListener
		void end(CpgDisconnectedEvent event) {
		}

		@TransactionalEventListener(fallbackExecution = true)
		void fallingBack(CpgDeliverEvent<Line> event) {
		}

		@TransactionalEventListener
		void publishedByTheApplicationItself(Line line) {
		}

	}

}
