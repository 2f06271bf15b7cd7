package dev.cpg.boot.autoconfigure;

import java.util.Objects;

import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.message.CpgMessageConverters;
import dev.cpg.spring.observation.CpgDeliverObservationConvention;
import dev.cpg.spring.observation.CpgSendObservationConvention;
import dev.cpg.spring.observation.DefaultCpgDeliverObservationConvention;
import dev.cpg.spring.observation.DefaultCpgSendObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.util.ErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the starter takes one bean of a type and there are several, it does not choose.
 */
@ExtendWith(OutputCaptureExtension.class)
class CpgAmbiguousBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withPropertyValues("cpg.group=orders")
		.withBean(ServiceNode.class);

	private static <T> ApplicationContextRunner withTwo(ApplicationContextRunner runner, Class<T> type, T bean) {
		return runner.withBean("one", type, () -> bean).withBean("two", type, () -> bean);
	}

	private static void assertThatBothAreNamed(ApplicationContextRunner runner, Class<?> type, String remedy) {
		runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(AmbiguousBeansException.class, (ex) -> {
				FailureAnalysis analysis = Objects.requireNonNull(new AmbiguousBeansFailureAnalyzer().analyze(ex));
				assertThat(analysis.getDescription())
					.startsWith("There are 2 beans of type %s, 'one', 'two', and none".formatted(type.getName()));
				assertThat(analysis.getAction()).contains("and no other, with @Primary, or " + remedy);
			}));
	}

	@Test
	void twoJsonMappersAreNamed() {
		assertThatBothAreNamed(withTwo(this.runner, JsonMapper.class, new JsonMapper()), JsonMapper.class,
				"define a bean of type CpgMessageConverters");
	}

	@Test
	void aNameThatHappensToFitDoesNotChooseOne() {
		this.runner.withBean("mapper", JsonMapper.class)
			.withBean("other", JsonMapper.class)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("'mapper', 'other'"));
	}

	@Test
	void twoPrimaryBeansAreNamedToo(CapturedOutput output) {
		this.runner.withBean("one", JsonMapper.class, JsonMapper::new, (definition) -> definition.setPrimary(true))
			.withBean("two", JsonMapper.class, JsonMapper::new, (definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AmbiguousBeansException.class)
				.hasMessageContaining("JsonMapper, 'one', 'two', and more than one of them is primary"));
		ErrorHandler handler = (ex) -> {
		};
		this.runner.withBean("one", ErrorHandler.class, () -> handler, (definition) -> definition.setPrimary(true))
			.withBean("two", ErrorHandler.class, () -> handler, (definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("ErrorHandler, 'one', 'two', and more than one of them is primary");
	}

	@Test
	void eachRemedyForTwoJsonMappersWorks() {
		this.runner.withBean("one", JsonMapper.class)
			.withBean("two", JsonMapper.class, JsonMapper::new, (definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed());
		withTwo(this.runner, JsonMapper.class, new JsonMapper())
			.withBean(CpgMessageConverters.class, () -> CpgMessageConverters.of(new ByteArrayMessageConverter()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void twoSetsOfConvertersAreNamed() {
		assertThatBothAreNamed(
				withTwo(this.runner, CpgMessageConverters.class,
						CpgMessageConverters.of(new ByteArrayMessageConverter())),
				CpgMessageConverters.class, "remove");
	}

	@Test
	void twoObservationRegistriesAreNamedIfThereIsSomethingToObserve() {
		ApplicationContextRunner two = withTwo(this.runner, ObservationRegistry.class, ObservationRegistry.create());
		two.run((context) -> assertThat(context).hasNotFailed());
		assertThatBothAreNamed(two.withPropertyValues("cpg.template.observation-enabled=true"),
				ObservationRegistry.class, "observe nothing: cpg.template.observation-enabled=false");
		assertThatBothAreNamed(two.withPropertyValues("cpg.delivery.observation-enabled=true"),
				ObservationRegistry.class, "observe nothing: cpg.delivery.observation-enabled=false");
	}

	@Test
	void twoConventionsAreNamed() {
		ApplicationContextRunner observing = this.runner
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withPropertyValues("cpg.template.observation-enabled=true", "cpg.delivery.observation-enabled=true");
		assertThatBothAreNamed(
				withTwo(observing, CpgSendObservationConvention.class, new DefaultCpgSendObservationConvention()),
				CpgSendObservationConvention.class, "remove");
		assertThatBothAreNamed(
				withTwo(observing, CpgDeliverObservationConvention.class, new DefaultCpgDeliverObservationConvention()),
				CpgDeliverObservationConvention.class, "remove");
	}

	@Test
	void twoErrorHandlersAreWarnedOfAtTheStart(CapturedOutput output) {
		ErrorHandler handler = (ex) -> {
		};
		withTwo(this.runner, ErrorHandler.class, handler).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("There are 2 beans of type org.springframework.util.ErrorHandler, 'one', 'two'")
			.contains(
					"what listeners throw is logged only. Annotate the one that is to get it with @Primary, or name it "
							+ "'cpgErrorHandler'.");
	}

	@Test
	void aPrimaryErrorHandlerOrOneWithTheNameIsNotWarnedOf(CapturedOutput output) {
		ErrorHandler handler = (ex) -> {
		};
		withTwo(this.runner, ErrorHandler.class, handler).withBean("cpgErrorHandler", ErrorHandler.class, () -> handler)
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner.withBean("one", ErrorHandler.class, () -> handler)
			.withBean("two", ErrorHandler.class, () -> handler, (definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("There are 2 beans");
	}

}
