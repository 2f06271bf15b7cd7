package dev.cpg.boot.autoconfigure;

import java.nio.ByteBuffer;

import dev.cpg.boot.autoconfigure.scanned.Shipment;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.event.EventListener;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

/**
 * The hints of a service that is processed ahead of time; that it runs, the demo's tests
 * show.
 */
class CpgAheadOfTimeTests {

	private final RuntimeHints hints = process();

	private static RuntimeHints process() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("cpg.messages.types.order=" + Order.class.getName()).applyTo(context);
		context.register(ScannedApplication.class, CpgAutoConfiguration.class, Listeners.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get(CpgAheadOfTimeTests.class)), new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		return generation.getRuntimeHints();
	}

	@Test
	void listenersCanBeCalled() throws Exception {
		assertThat(reflection()
			.onMethodInvocation(Listeners.class.getDeclaredMethod("on", CpgConfigurationChangeEvent.class)))
			.accepts(this.hints);
	}

	@Test
	void propertiesCanBeBound() throws Exception {
		for (Class<?> type : new Class<?>[] { CpgProperties.class, CpgProperties.Corosync.class,
				CpgProperties.Reconnect.class, CpgProperties.Delivery.class, CpgProperties.Template.class }) {
			assertThat(reflection().onType(type)).as(type.getName()).accepts(this.hints);
		}
		assertThat(reflection().onMethodInvocation(CpgProperties.class.getMethod("setGroup", String.class)))
			.accepts(this.hints);
	}

	@Test
	void mappingsCanBeGivenBack() throws Exception {
		Class<?> unsafe = Class.forName("sun.misc.Unsafe");
		assertThat(reflection().onFieldAccess(unsafe.getDeclaredField("theUnsafe"))).accepts(this.hints);
		assertThat(reflection().onMethodInvocation(unsafe.getMethod("invokeCleaner", ByteBuffer.class)))
			.accepts(this.hints);
	}

	@Test
	void messagesOfAllowedTypesCanBeReadAndWritten() throws Exception {
		for (Class<?> type : new Class<?>[] { Order.class, Shipment.class }) {
			assertThat(reflection().onType(type)).as(type.getName()).accepts(this.hints);
			assertThat(reflection().onConstructorInvocation(type.getDeclaredConstructor(String.class)))
				.accepts(this.hints);
		}
	}

	record Order(String item) {
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Shipment.class)
	static class ScannedApplication {

	}

	static class Listeners {

		@EventListener
		void on(CpgConfigurationChangeEvent event) {
		}

	}

}
