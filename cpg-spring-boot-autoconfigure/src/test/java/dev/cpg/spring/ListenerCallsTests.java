package dev.cpg.spring;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ListenerCallsTests {

	private final List<Throwable> errors = new CopyOnWriteArrayList<>();

	private final ListenerCalls calls = new ListenerCalls(this.errors::add);

	@Test
	void anEventIsCurrentWhileItIsDispatched() {
		assertThat(this.calls.current()).isNull();
		CpgEvent event = event();
		this.calls.begin(event);
		this.calls.listener("the listener");
		assertThat(this.calls.current()).satisfies((call) -> {
			assertThat(call.event()).isSameAs(event);
			assertThat(call.listener()).isEqualTo("the listener");
		});
		assertThat(this.calls.isDispatching()).isTrue();
		this.calls.end();
		assertThat(this.calls.current()).isNull();
		assertThat(this.calls.isDispatching()).isFalse();
	}

	@Test
	void anErrorHandlerThatThrowsCostsNothingMore(CapturedOutput output) {
		ListenerCalls calls = new ListenerCalls((ex) -> {
			throw new IllegalStateException("The handler's mistake", ex);
		});
		calls.failed("the listener", event(), new AssertionError("The listener's mistake"));
		assertThat(output).contains("The error handler threw an exception").contains("The listener's mistake");
	}

	@Test
	void anEventOfNobodysMembershipHasCallsOfItsOwn(CapturedOutput output) {
		ListenerCalls own = Objects.requireNonNull(ListenerCalls.of(event()));
		own.failed(null, event(), new AssertionError("A mistake"));
		assertThat(output).contains("A listener threw an exception on CpgConnectedEvent").contains("A mistake");
		assertThat(this.errors).isEmpty();
	}

	private static CpgEvent event() {
		return new CpgConnectedEvent("a test", "orders", new CpgAddress(1, 2));
	}

}
