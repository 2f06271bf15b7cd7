package dev.cpg.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@ExtendWith(OutputCaptureExtension.class)
class CpgEventListenerFactoryTests {

	@ParameterizedTest
	@ValueSource(classes = { OfAGroup.class, OfAnyEvent.class, OfAnything.class, OfSeveralClasses.class,
			OfAnyEventByItsClass.class })
	void whateverAListenerTakesWhatItThrowsOnAGroupsEventKeepsNoOtherFromIt(Class<?> throwing, CapturedOutput output) {
		try (AnnotationConfigApplicationContext context = context(throwing)) {
			context.publishEvent(new CpgConnectedEvent("a test", "orders", new CpgAddress(1, 2)));
			assertThat(context.getBean(Last.class).heard).containsExactly("CpgConnectedEvent");
			assertThat(output).contains(throwing.getSimpleName() + ".on(").contains("A listener's mistake");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { OfAnyEvent.class, OfAnything.class, OfSeveralClasses.class, OfAnyEventByItsClass.class })
	void whatItThrowsOnAnotherEventIsThrownToWhoPublishesIt(Class<?> throwing) {
		try (AnnotationConfigApplicationContext context = context(throwing)) {
			assertThatIllegalStateException().isThrownBy(() -> context.publishEvent(new Another("a test")))
				.withMessage("A listener's mistake");
			assertThat(context.getBean(Last.class).heard).isEmpty();
		}
	}

	private static AnnotationConfigApplicationContext context(Class<?> throwing) {
		return new AnnotationConfigApplicationContext(CpgEventListenerFactory.class, throwing, Last.class);
	}

	private static void fail(Object event) {
		if (event instanceof CpgEvent || event instanceof Another) {
			throw new IllegalStateException("A listener's mistake");
		}
	}

	static final class Another extends ApplicationEvent {

		Another(Object source) {
			super(source);
		}

	}

	static final class OfAGroup {

		@EventListener
		@Order(-100)
		void on(CpgEvent event) {
			fail(event);
		}

	}

	static final class OfAnyEvent {

		@EventListener
		@Order(-100)
		void on(ApplicationEvent event) {
			fail(event);
		}

	}

	static final class OfAnything {

		@EventListener
		@Order(-100)
		void on(Object event) {
			fail(event);
		}

	}

	static final class OfSeveralClasses {

		@EventListener(classes = { CpgConnectedEvent.class, Another.class })
		@Order(-100)
		void on(ApplicationEvent event) {
			fail(event);
		}

	}

	static final class OfAnyEventByItsClass {

		@EventListener(ApplicationEvent.class)
		@Order(-100)
		void on(Object event) {
			fail(event);
		}

	}

	static final class Last {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener({ CpgEvent.class, Another.class })
		void on(ApplicationEvent event) {
			this.heard.add(event.getClass().getSimpleName());
		}

	}

}
