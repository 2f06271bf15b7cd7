package dev.cpg.spring.leadership;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

@CompileWithForkedClassLoader
class LeaderOnlyAheadOfTimeTests {

	@Test
	void guardsMethods() {
		AnnotationConfigApplicationContext processed = new AnnotationConfigApplicationContext();
		processed.register(Service.class);
		TestGenerationContext generation = new TestGenerationContext(LeaderOnlyAheadOfTimeTests.class);
		var initializer = new ApplicationContextAotGenerator().processAheadOfTime(processed, generation);
		generation.writeGeneratedContent();
		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(reflection().onMethodInvocation(Billing.class, "bill")).accepts(hints);
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				@SuppressWarnings("unchecked")
				ApplicationContextInitializer<GenericApplicationContext> made = compiled
					.getInstance(ApplicationContextInitializer.class, initializer.toString());
				made.initialize(context);
				context.refresh();
				Billing billing = context.getBean(Billing.class);
				assertThat(billing.bill()).isZero();
				context.getBean(GrantedLeadership.class).granted(5);
				assertThat(billing.bill()).isEqualTo(5);
			}
		});
	}

	@Configuration(proxyBeanMethods = false)
	@Import(LeaderOnlyTests.Guarding.class)
	static class Service {

		@Bean
		GrantedLeadership leadership() {
			return new GrantedLeadership("billing");
		}

		@Bean
		Billing billing() {
			return new Billing();
		}

	}

	static class Billing {

		@LeaderOnly("billing")
		long bill() {
			return CpgLeadership.currentToken();
		}

	}

}
