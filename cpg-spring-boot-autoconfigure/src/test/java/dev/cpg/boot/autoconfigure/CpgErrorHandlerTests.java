package dev.cpg.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.event.CpgConnectedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;
import org.springframework.util.ErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which error handler gets what listeners throw, where other projects, such as Spring
 * Integration, define one too.
 */
@ExtendWith(OutputCaptureExtension.class)
class CpgErrorHandlerTests {

	private final List<String> handled = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withPropertyValues("cpg.group=orders")
		.withBean(ServiceNode.class)
		.withBean(ThrowingListener.class)
		.withBean("ofAnotherProject", ErrorHandler.class, () -> (ex) -> this.handled.add("that of another project"));

	@Test
	void thatOfAnotherProjectIsTakenIfItIsTheOnlyOne(CapturedOutput output) {
		this.runner.run((context) -> assertThat(context).hasNotFailed());
		assertThat(this.handled).containsExactly("that of another project");
		assertThat(output).doesNotContain("A listener's mistake");
	}

	@Test
	void ofTwoNoneIsTakenAndTheFailureIsLogged(CapturedOutput output) {
		this.runner.withBean("own", ErrorHandler.class, () -> (ex) -> this.handled.add("own"))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(this.handled).isEmpty();
		assertThat(output).contains("A listener's mistake");
	}

	@Test
	void theOneWithTheNameIsTakenWhateverElseThereIs() {
		this.runner.withBean("own", ErrorHandler.class, () -> (ex) -> this.handled.add("own"))
			.withBean("cpgErrorHandler", ErrorHandler.class, () -> (ex) -> this.handled.add("that with the name"))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(this.handled).containsExactly("that with the name");
	}

	static final class ThrowingListener {

		@EventListener
		@SuppressWarnings("DoNotCallSuggester")
		void on(CpgConnectedEvent event) {
			throw new IllegalStateException("A listener's mistake");
		}

	}

}
