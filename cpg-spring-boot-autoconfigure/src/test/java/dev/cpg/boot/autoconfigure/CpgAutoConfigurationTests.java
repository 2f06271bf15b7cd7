package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgListenerException;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgObserver;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.annotation.Order;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ErrorHandler;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class CpgAutoConfigurationTests {

	private static final CpgConnector NOWHERE = (listener) -> {
		throw new CorosyncConnectException(Reason.NOT_RUNNING, CsError.LIBRARY, "There is no daemon here", null);
	};

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.bare.withBean(ServiceNode.class)
		.withPropertyValues("cpg.group=orders");

	@Test
	void joinsTheGroupThatIsSet() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(CpgMembership.class).hasSingleBean(CpgTemplate.class);
			assertThat(context.getBean(CpgGroup.class).getName()).isEqualTo("orders");
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
		});
	}

	@Test
	void theGroupIsNamedAfterTheApplicationUnlessSet() {
		this.bare.withBean(ServiceNode.class)
			.withPropertyValues("spring.application.name=shop")
			.run((context) -> assertThat(context.getBean(CpgGroup.class).getName()).isEqualTo("shop"));
	}

	@Test
	void theNameMayCountTheNulAtItsEnd() {
		this.runner.withPropertyValues("cpg.group-name-terminated=true")
			.run((context) -> assertThat(context.getBean(CpgGroupName.class).toBytes())
				.isEqualTo("orders\0".getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void withoutAGroupItDoesNotStart() {
		this.bare.withBean(ServiceNode.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(CpgGroupNameMissingException.class));
	}

	@Test
	void disabledThereIsNothing() {
		this.bare.withPropertyValues("cpg.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CpgGroup.class)
				.doesNotHaveBean(CpgProperties.class));
	}

	@Test
	void disabledABeanThatNeedsATemplateFailsAndOneThatAsksIfThereIsOneDoesNot() {
		ApplicationContextRunner disabled = this.bare.withPropertyValues("cpg.enabled=false");
		disabled.withBean(DeadLetters.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(UnsatisfiedDependencyException.class)
				.hasMessageContaining("CpgOperations"));
		disabled.withBean(Asking.class)
			.run((context) -> assertThat(context.getBean(Asking.class).operations.getIfAvailable()).isNull());
	}

	@Test
	void speaksToCorosyncUnlessTheApplicationHasAConnector() {
		this.bare
			.withPropertyValues("cpg.group=orders", "cpg.corosync.socket-directory=/does/not/exist",
					"cpg.corosync.request-timeout=1s", "cpg.member-id=4294967295", "cpg.delivery.queue-capacity=1MB",
					"cpg.template.send-timeout=1s")
			.run((context) -> {
				assertThat(context).getBean(CpgConnector.class).isInstanceOf(CorosyncConnector.class);
				assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.DISCONNECTED);
				assertThat(context.getBean(CpgGroup.class).getFailure()).hasMessageContaining("/does/not/exist");
			});
	}

	@Test
	void corosyncNeverStandsInForTheEmbeddedCluster() {
		this.bare.withPropertyValues("cpg.group=orders", "cpg.mode=embedded")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("cpg.mode");
					assertThat(ex.getReason()).contains("'corosync'").contains("excluded");
				}));
	}

	@Test
	void aServiceLooksForItsDaemonEachSecondHoweverLongThatIsGone() {
		this.runner.run((context) -> {
			BackOffExecution pauses = context.getBean(CpgMembershipSettings.class).reconnect().start();
			assertThat(LongStream.generate(pauses::nextBackOff).limit(10)).containsExactly(100L, 200L, 400L, 800L,
					1000L, 1000L, 1000L, 1000L, 1000L, 1000L);
		});
	}

	@ParameterizedTest
	@CsvSource({ "cpg.join-timeout, 0s", "cpg.leave-timeout, -1s", "cpg.corosync.request-timeout, 0ms",
			"cpg.corosync.liveness-interval, -1s", "cpg.template.send-timeout, 0s",
			"cpg.reconnect.initial-interval, 0s", "cpg.reconnect.max-interval, 1ms",
			"cpg.reconnect.initial-interval, 11s", "cpg.reconnect.multiplier, 0.5", "cpg.reconnect.multiplier, NaN",
			"cpg.reconnect.multiplier, Infinity", "cpg.delivery.queue-capacity, 0B", "cpg.max-message-size, 0B",
			"cpg.max-message-size, 2GB", "cpg.delivery.reassembly-capacity, 15MB", "cpg.member-id, 0",
			"cpg.member-id, 4294967296", "cpg.batching.max-size, 100B", "cpg.batching.max-size, 1MB" })
	void valuesThatCannotWorkAreRefusedByName(String property, String value) {
		this.runner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo(property);
					assertThat(ex.getReason()).startsWith("It must");
				}));
	}

	@ParameterizedTest
	@CsvSource({ "cpg.join-timeout", "cpg.leave-timeout", "cpg.corosync.request-timeout",
			"cpg.corosync.liveness-interval", "cpg.template.send-timeout", "cpg.reconnect.initial-interval",
			"cpg.reconnect.max-interval", "cpg.delivery.slow-listener-threshold", "cpg.delivery.stall-timeout" })
	void durationsThatAreTooLongAreRefusedByName(String property) {
		for (String value : List.of("366d", "110000d", "9223372036854775807s", "PT9223372036854775807.5S")) {
			this.runner.withPropertyValues(property + "=" + value)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
						assertThat(ex.getName()).isEqualTo(property);
						assertThat(ex.getReason()).isEqualTo("It must be between 1ms and 365d.");
					}));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-90s", "367d", "8785h", "400us", "9223372036854775807s" })
	void aDurationThatIsRefusedIsWrittenAsItWas(String value) {
		this.runner.withPropertyValues("cpg.join-timeout=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getValue()).isEqualTo(value)));
	}

	@Test
	void theLongestDurationsWork() {
		String[] durations = Stream
			.of("join-timeout", "leave-timeout", "corosync.request-timeout", "corosync.liveness-interval",
					"template.send-timeout", "reconnect.initial-interval", "reconnect.max-interval",
					"delivery.slow-listener-threshold", "delivery.stall-timeout")
			.map((name) -> "cpg." + name + "=365d")
			.toArray(String[]::new);
		this.runner.withPropertyValues(durations).run((context) -> {
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
			assertThat(context.getBean(CpgTemplate.class).multicast("x")).isNotCompletedExceptionally();
		});
		this.bare.withPropertyValues("cpg.group=orders", "cpg.corosync.socket-directory=/does/not/exist")
			.withPropertyValues(durations)
			.run((context) -> assertThat(context.getBean(CpgGroup.class).getFailure())
				.hasMessageContaining("/does/not/exist"));
	}

	@Test
	void aTypeOfMessagesThatCannotWorkIsRefusedByItsName() {
		Map.of("cpg.messages.types.foo=", "It must name a class.", "cpg.messages.types.string=java.time.Duration",
				"The name 'string' of class java.time.Duration is taken: texts travel under it.",
				"cpg.messages.types.number=int", "The type 'number' must be a class: int is none.")
			.forEach((property, reason) -> this.runner
				.withPropertyValues("cpg.messages.types.fine=java.time.Instant", property)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
						assertThat(property).startsWith(ex.getName() + "=").endsWith("=" + ex.getValue());
						assertThat(ex.getReason()).isEqualTo(reason);
					})));
	}

	@Test
	void aNameThatIsTooLongIsRefusedByTheProperty() {
		this.bare.withPropertyValues("spring.application.name=" + "ä".repeat(65))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("spring.application.name");
					assertThat(ex.getReason()).contains("at most 128 bytes").contains("cpg.group");
				}));
	}

	@Test
	void startsWithoutADaemon() {
		this.bare.withPropertyValues("cpg.group=orders").withBean(CpgConnector.class, () -> NOWHERE).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.DISCONNECTED);
		});
	}

	@Test
	void failsFastWhenAskedTo() {
		this.bare.withPropertyValues("cpg.group=orders", "cpg.fail-fast=true")
			.withBean(CpgConnector.class, () -> NOWHERE)
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(CorosyncException.class));
	}

	@Test
	void leavesWhenTheContextCloses() {
		this.bare.withPropertyValues("cpg.group=orders")
			.withInitializer(this.node::register)
			.run((context) -> assertThat(this.node.connection().isOpen()).isTrue());
		assertThat(this.node.leaves()).isOne();
		assertThat(this.node.connection().isOpen()).isFalse();
	}

	@Test
	void listenersGetAllEventsFromTheFirstToTheLast() {
		Listeners listeners = new Listeners();
		this.runner.withBean(Listeners.class, () -> listeners).run((context) -> {
			context.getBean(CpgOperations.class).multicast(new byte[] { 7 }).join();
			await().until(() -> listeners.heard.contains("bytes 7"));
		});
		assertThat(listeners.heard).containsExactly("connected", "joined [1/100 JOIN] left []", "bytes 7",
				"joined [] left [1/100 LEAVE]", "disconnected");
	}

	@Test
	void aListenerThatThrowsStopsNeitherTheOthersNorTheNextEvent() {
		Listeners listeners = new Listeners();
		this.runner.withBean(Listeners.class, () -> listeners)
			.withBean(ThrowingListeners.class)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(listeners.heard).containsExactly("connected", "joined [1/100 JOIN] left []",
				"joined [] left [1/100 LEAVE]", "disconnected");
	}

	@Test
	void theErrorHandlerIsABeanIfThereIsOne() {
		List<Throwable> errors = new CopyOnWriteArrayList<>();
		this.runner.withBean(ThrowingListeners.class)
			.withBean(ErrorHandler.class, () -> errors::add)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(errors).hasSize(4)
			.allSatisfy((error) -> assertThat(error).isInstanceOf(CpgListenerException.class)
				.hasMessageContaining("ThrowingListeners"))
			.extracting(Throwable::getCause)
			.hasOnlyElementsOfTypes(IllegalStateException.class, AssertionError.class, IOException.class);
	}

	@Test
	void theErrorHandlerMaySendWhatAListenerFailedOnAndOneIsTakenOfSeveral() {
		this.runner.withBean(ThrowingListeners.class)
			.withBean("cpgErrorHandler", DeadLetters.class)
			.withBean("another", ErrorHandler.class, () -> (ex) -> {
				throw new IllegalStateException("Not asked for");
			})
			.run((context) -> await()
				.untilAsserted(() -> assertThat(context.getBean(DeadLetters.class).sent).hasPositiveValue()));
	}

	@Test
	void templatesFollowThePropertiesAndThenTheCustomizers() {
		List<String> customized = new CopyOnWriteArrayList<>();
		this.runner.withPropertyValues("cpg.template.wait=false", "cpg.template.send-timeout=300ms")
			.withBean("second", CpgTemplateCustomizer.class, () -> (builder) -> customized.add(builder.getGroup()))
			.run((context) -> {
				EmbeddedNode daemon = context.getBean(ServiceNode.class).daemon();
				daemon.refuseMulticasts();
				assertThat(context.getBean(CpgTemplate.class).multicast("x")).isCompletedExceptionally();
				daemon.acceptMulticasts();
				daemon.pause();
				// Whatever the connector: there it is a minute.
				assertNotDeliveredWithin(Duration.ofMillis(300), context.getBean(CpgTemplate.class));
			});
		assertThat(customized).containsExactly("orders");
		this.runner.withPropertyValues("cpg.template.wait=false")
			.withBean(CpgTemplateCustomizer.class,
					() -> (builder) -> builder.waiting(true).sendTimeout(Duration.ofMillis(400)))
			.run((context) -> {
				context.getBean(ServiceNode.class).daemon().refuseMulticasts();
				assertNotDeliveredWithin(Duration.ofMillis(400), context.getBean(CpgTemplate.class));
			});
	}

	private static void assertNotDeliveredWithin(Duration timeout, CpgTemplate template) {
		long before = System.nanoTime();
		assertThat(template.multicast("x")).failsWithin(Duration.ofSeconds(10));
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(timeout, timeout.plusSeconds(10));
	}

	@Test
	void aSecondTemplateIsMadeOfTheFirst() {
		this.runner.withUserConfiguration(Templates.class).run((context) -> {
			assertThat(context.getBean(CpgTemplate.class)).isNotSameAs(context.getBean("urgent"));
			EmbeddedNode daemon = context.getBean(ServiceNode.class).daemon();
			daemon.refuseMulticasts();
			assertThat(context.getBean("urgent", CpgTemplate.class).multicast("x")).isCompletedExceptionally();
			var waiting = CompletableFuture.supplyAsync(() -> context.getBean(CpgTemplate.class).multicast("x").join());
			assertThat(waiting).isNotDone();
			daemon.acceptMulticasts();
			assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
		});
	}

	@Test
	void observersAreBeans() {
		List<String> observed = new CopyOnWriteArrayList<>();
		this.runner.withBean(CpgObserver.class, () -> new CpgObserver() {

			@Override
			public void sent(String group, Outcome outcome, Duration took) {
				observed.add(outcome.name());
			}

		}).run((context) -> {
			context.getBean(CpgOperations.class).multicast("hello").join();
			await().untilAsserted(() -> assertThat(observed).containsExactly("DELIVERED"));
		});
	}

	@Test
	void theApplicationsOwnConnectionDetailsWinOverTheProperty() {
		this.bare.withPropertyValues("cpg.group=orders", "cpg.corosync.socket-directory=/of/the/property")
			.withBean(CpgConnectionDetails.class, () -> new CpgConnectionDetails() {

				@Override
				public Path getSocketDirectory() {
					return Path.of("/of/the/bean");
				}

			})
			.run((context) -> {
				assertThat(context).hasSingleBean(CpgConnectionDetails.class)
					.doesNotHaveBean(PropertiesCpgConnectionDetails.class);
				assertThat(context.getBean(CpgGroup.class).getFailure()).hasMessageContaining("/of/the/bean/cpg");
			});
	}

	@Test
	void theApplicationsOwnSettingsAndMembershipReplaceTheseHere() {
		CpgMembershipSettings settings = new CpgMembershipSettings(true, Duration.ofSeconds(1), Duration.ofSeconds(1),
				new FixedBackOff(), Duration.ofSeconds(1), Duration.ofSeconds(1));
		this.runner.withBean("mine", CpgMembershipSettings.class, () -> settings)
			.run((context) -> assertThat(context).getBean(CpgMembershipSettings.class).isSameAs(settings));
		CpgMembership membership = CpgMembership.builder(this.node, CpgGroupName.of("mine"), settings, (event) -> {
		}).build();
		this.runner.withBean("mine", CpgMembership.class, () -> membership).run((context) -> {
			assertThat(context).getBean(CpgMembership.class).isSameAs(membership);
			assertThat(context.getBean(CpgGroup.class).getName()).isEqualTo("mine");
		});
		assertThat(membership.isRunning()).isFalse();
	}

	@Test
	void theApplicationsOwnTemplateAndGroupReplaceTheseHere() {
		this.runner.withBean(CpgOperations.class, OwnOperations::new)
			.run((context) -> assertThat(context).hasSingleBean(CpgOperations.class)
				.doesNotHaveBean(CpgTemplate.class)
				.hasSingleBean(CpgMembership.class));
	}

	@Test
	void isAMemberBeforeTheWebServerTakesRequests() {
		WebListeners listeners = new WebListeners();
		new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
			.withConfiguration(
					AutoConfigurations.of(CpgAutoConfiguration.class, TomcatServletWebServerAutoConfiguration.class))
			.withPropertyValues("cpg.group=orders", "server.port=0")
			.withBean(ServiceNode.class)
			.withBean(WebListeners.class, () -> listeners)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(listeners.heard).containsExactly("connected", "web server", "closing", "disconnected");
	}

	@Test
	void theApplicationsOwnWayToLeaveReplacesThatHere() {
		this.runner.withBean("cpgLeaveBeforeWebServer", Object.class, Object::new)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LeaveBeforeWebServer.class));
	}

	@Test
	void aRestoreFromACheckpointJoinsAgain() {
		this.runner.run((context) -> {
			DefaultLifecycleProcessor lifecycle = context.getBean(DefaultLifecycleProcessor.class);
			ReflectionTestUtils.invokeMethod(lifecycle, "stopForRestart");
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.DISCONNECTED);
			ReflectionTestUtils.invokeMethod(lifecycle, "restartAfterStop");
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
		});
	}

	@Test
	void aContextThatFailsToStartLeavesNoMembershipBehind() {
		this.bare.withPropertyValues("cpg.group=orders")
			.withInitializer(this.node::register)
			.withBean(FailingLifecycle.class)
			.run((context) -> assertThat(context).hasFailed());
		assertThat(this.node.connection().isOpen()).isFalse();
		assertThat(this.node.leaves()).isOne();
	}

	static final class DeadLetters implements ErrorHandler {

		private final AtomicInteger sent = new AtomicInteger();

		private final CpgOperations operations;

		DeadLetters(CpgOperations operations) {
			this.operations = operations;
		}

		@Override
		public void handleError(Throwable ex) {
			var unused = this.operations.multicast("dead letter: " + ex.getMessage());
			this.sent.incrementAndGet();
		}

	}

	record Asking(ObjectProvider<CpgOperations> operations) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Templates {

		@Bean(defaultCandidate = false)
		@Qualifier("urgent")
		CpgTemplate urgent(CpgTemplate template) {
			return template.mutate().waiting(false).build();
		}

	}

	static final class OwnOperations implements CpgOperations {

		@Override
		public CompletableFuture<CpgView> multicast(byte[] message) {
			return CompletableFuture.completedFuture(CpgView.NONE);
		}

		@Override
		public CompletableFuture<CpgView> multicast(String message) {
			return CompletableFuture.completedFuture(CpgView.NONE);
		}

		@Override
		public CompletableFuture<CpgView> convertAndMulticast(Object payload, Map<String, ?> headers) {
			return CompletableFuture.completedFuture(CpgView.NONE);
		}

	}

	static final class Listeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgConnectedEvent event) {
			this.heard.add("connected");
		}

		@EventListener
		void on(CpgConfigurationChangeEvent event) {
			this.heard.add("joined " + event.getJoined() + " left " + event.getLeft());
		}

		@EventListener
		void bytes(CpgDeliverEvent<byte[]> event) {
			this.heard.add("bytes " + event.getPayload()[0]);
		}

		@EventListener
		void text(CpgDeliverEvent<String> event) {
			this.heard.add("text " + event.getPayload());
		}

		@EventListener(CpgDisconnectedEvent.class)
		void disconnected() {
			this.heard.add("disconnected");
		}

	}

	@SuppressWarnings("DoNotCallSuggester")
	static final class ThrowingListeners {

		@EventListener
		@Order(-100)
		void on(CpgConfigurationChangeEvent event) {
			throw new IllegalStateException("A listener's mistake");
		}

		@EventListener(CpgConnectedEvent.class)
		@Order(-100)
		void connected() {
			throw new AssertionError("A listener's mistake");
		}

		@EventListener(CpgDisconnectedEvent.class)
		@Order(-100)
		void disconnected() throws Exception {
			throw new IOException("A listener's mistake");
		}

	}

	static final class WebListeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgConnectedEvent event) {
			this.heard.add("connected");
		}

		@EventListener
		void on(WebServerInitializedEvent event) {
			this.heard.add("web server");
		}

		@EventListener
		void on(ContextClosedEvent event) {
			this.heard.add("closing");
		}

		@EventListener
		void on(CpgDisconnectedEvent event) {
			this.heard.add("disconnected");
		}

	}

	static final class FailingLifecycle implements SmartLifecycle {

		@Override
		public void start() {
			throw new IllegalStateException("Port in use");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
