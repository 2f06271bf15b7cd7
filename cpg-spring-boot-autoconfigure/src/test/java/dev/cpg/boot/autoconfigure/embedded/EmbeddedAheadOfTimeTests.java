package dev.cpg.boot.autoconfigure.embedded;

import java.util.function.BiConsumer;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.CpgProperties;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

/**
 * A service that was processed ahead of time with {@code cpg.mode=embedded}. The class
 * loader is forked, as generated classes access those of their package.
 */
@CompileWithForkedClassLoader
class EmbeddedAheadOfTimeTests {

	@Test
	void runsOnTheEmbeddedCluster() {
		process((hints, context) -> {
			assertThat(reflection().onType(CpgProperties.Embedded.class)).accepts(hints.getRuntimeHints());
			assertThat(reflection().onType(TypeReference.of("sun.misc.Unsafe"))).rejects(hints.getRuntimeHints());
			TestPropertyValues.of("cpg.group=orders", "cpg.mode=embedded").applyTo(context);
			context.refresh();
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
		});
	}

	@Test
	void isRefusedWithAForbiddenProfileThatIsActiveWhenItRuns() {
		process((hints, context) -> {
			TestPropertyValues.of("cpg.group=orders", "cpg.mode=embedded").applyTo(context);
			context.getEnvironment().setActiveProfiles("prod");
			assertThatException().isThrownBy(context::refresh)
				.havingRootCause()
				.isInstanceOf(EmbeddedModeForbiddenException.class);
		});
	}

	@Test
	void isRefusedInAnotherMode() {
		process((hints, context) -> {
			TestPropertyValues.of("cpg.group=orders").applyTo(context);
			assertThatException().isThrownBy(context::refresh)
				.havingRootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.withMessageContaining("processed ahead of time");
		});
	}

	private static void process(BiConsumer<TestGenerationContext, GenericApplicationContext> test) {
		AnnotationConfigApplicationContext processed = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("cpg.mode=embedded").applyTo(processed);
		processed.register(CpgEmbeddedAutoConfiguration.class, CpgAutoConfiguration.class);
		TestGenerationContext generation = new TestGenerationContext(EmbeddedAheadOfTimeTests.class);
		var initializer = new ApplicationContextAotGenerator().processAheadOfTime(processed, generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				@SuppressWarnings("unchecked")
				ApplicationContextInitializer<GenericApplicationContext> made = compiled
					.getInstance(ApplicationContextInitializer.class, initializer.toString());
				made.initialize(context);
				test.accept(generation, context);
			}
		});
	}

}
