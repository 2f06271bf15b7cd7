package dev.cpg.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgSendException;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.event.CpgDeliverEvent;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What goes wrong with an observation goes wrong with nothing else.
 */
@Timeout(30)
class SafeObservationTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final RecordedEvents events = new RecordedEvents();

	private @Nullable CpgMembership membership;

	@AfterEach
	void stop() {
		if (this.membership != null) {
			this.membership.stop();
		}
	}

	private CpgTemplate start(ObservationRegistry registry) {
		CpgMembershipSettings settings = new CpgMembershipSettings(true, Duration.ofSeconds(5), Duration.ofSeconds(5),
				new FixedBackOff(), Duration.ofSeconds(5), Duration.ofSeconds(5));
		CpgMembership membership = CpgMembership.builder(this.node, CpgGroupName.of("orders"), settings, this.events)
			.observations(registry, null)
			.build();
		this.membership = membership;
		membership.start();
		return CpgTemplate.builder(membership).observations(registry, null).build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "start", "scope opened", "scope closed", "stop", "error" })
	void aHandlerThatThrowsCostsNoMessageAndLeavesNoScope(String when) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ThrowingHandler(when));
		CpgTemplate template = start(registry);
		AtomicReference<Object> current = new AtomicReference<>(this);
		this.events.onEvent((event) -> {
			if (event instanceof CpgDeliverEvent<?> deliver && deliver.getSize() == 2) {
				throw new AssertionError("A listener's mistake, which is an error of the observation");
			}
		});
		CompletableFuture<?> sent = template.multicast("ab");
		assertThat(registry.getCurrentObservationScope()).isNull();
		assertThat(sent).succeedsWithin(Duration.ofSeconds(10));
		await().until(() -> this.events.of(CpgDeliverEvent.class).size() == 1);
		this.events.onEvent((event) -> current.set(String.valueOf(registry.getCurrentObservation())));
		// Of a type without observation: what is current on the delivery thread by
		// itself.
		this.node.join("orders");
		await().untilAsserted(() -> assertThat(current).hasValue("null"));
	}

	@Test
	void anObservedSendHasTheOutcomeOfOneThatIsNot() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		CpgTemplate template = start(registry);
		this.node.daemon().dropNext();
		assertThat(template.multicast("ab")).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(CpgSendException.class);
		await().untilAsserted(() -> TestObservationRegistryAssert.assertThat(registry)
			.hasObservationWithNameEqualTo("cpg.template")
			.that()
			.hasBeenStarted()
			.hasBeenStopped()
			.hasError());
		this.node.daemon().refuseMulticasts();
		CompletableFuture<?> rejected = template.mutate().waiting(false).build().multicast("ab");
		assertThat(rejected).failsWithin(Duration.ofSeconds(1))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(CorosyncException.class);
		TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
	}

	private record ThrowingHandler(String when) implements ObservationHandler<Observation.Context> {

		private void at(String moment) {
			if (moment.equals(this.when)) {
				throw new NoSuchMethodError("The handler's mistake");
			}
		}

		@Override
		public void onStart(Observation.Context context) {
			at("start");
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			at("scope opened");
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			at("scope closed");
		}

		@Override
		public void onStop(Observation.Context context) {
			at("stop");
		}

		@Override
		public void onError(Observation.Context context) {
			at("error");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
