package dev.cpg.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An {@link Error} at any step of a membership, which no daemon can be made to cause at a
 * given one, leaves the service a member.
 */
@Timeout(60)
class MembershipErrorsTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final RecordedEvents events = new RecordedEvents();

	private final AtomicInteger failures = new AtomicInteger();

	/** The step that fails. */
	private volatile String step = "none";

	private volatile Supplier<? extends Error> error = () -> new OutOfMemoryError("Java heap space");

	private @Nullable CpgMembership membership;

	@AfterEach
	void stop() {
		this.step = "none";
		if (this.membership != null) {
			this.membership.stop();
		}
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.doesNotContain("cpg-orders-membership"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "backOff", "nextBackOff", "connect", "names", "localAddress", "join", "isOpen", "close" })
	void atAStepOfTheLoop(String step) {
		CpgMembership membership = started();
		fail(step, times(step));
		this.node.restart();
		awaitFailures();
		awaitMember(membership);
	}

	@ParameterizedTest
	@ValueSource(strings = { "connect", "names", "localAddress", "join", "backOff" })
	void atTheStart(String step) {
		fail(step, times(step));
		CpgMembership membership = started();
		awaitFailures();
		awaitMember(membership);
	}

	@Test
	void ofEveryKind() {
		CpgMembership membership = started();
		List<Supplier<? extends Error>> kinds = List.of(() -> new OutOfMemoryError("unable to create native thread"),
				StackOverflowError::new, () -> new NoClassDefFoundError("dev/cpg/Gone"), () -> new Error("another"));
		for (Supplier<? extends Error> kind : kinds) {
			this.error = kind;
			fail("connect", 2);
			this.node.restart();
			awaitFailures();
			awaitMember(membership);
		}
	}

	@Test
	void inNotingAChangeWhichIsReadAnewOnAnotherConnection() {
		CpgMembership membership = started();
		// What is reported once after the start asks for the address, too.
		await().until(() -> membership.getGroup().getRingNodeIds().size() == 2
				&& !this.events.of(CpgQuorumChangeEvent.class).isEmpty());
		fail("localAddress", 1);
		this.node.join("orders");
		await().untilAsserted(() -> assertThat(this.node.connections()).hasSize(2));
		awaitMember(membership);
		assertThat(this.node.connections().get(0).isOpen()).isFalse();
	}

	@Test
	void inEveryObserverAndListener() {
		CpgMembership membership = started();
		this.step = "observer";
		this.failures.set(Integer.MAX_VALUE);
		this.events.onEvent((event) -> check("observer"));
		this.node.join("orders").send("hello").join();
		this.node.restart();
		await().untilAsserted(() -> assertThat(this.node.connections()).hasSize(2));
		awaitMember(membership);
	}

	@Test
	void inTheErrorHandlerAndTheAppenderThatShouldLogIt() {
		Logger logger = (Logger) LoggerFactory.getLogger("dev.cpg");
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			public synchronized void doAppend(ILoggingEvent event) {
				check("log");
			}

			@Override
			protected void append(ILoggingEvent event) {
			}

		};
		logger.addAppender(appender);
		try {
			CpgMembership membership = started();
			fail("log", Integer.MAX_VALUE);
			this.events.onEvent((event) -> {
				throw new IllegalStateException("A listener's mistake");
			});
			this.node.join("orders").send("hello").join();
			this.node.restart();
			await().untilAsserted(() -> assertThat(this.node.connections()).hasSize(2));
			awaitMember(membership);
		}
		finally {
			logger.detachAppender(appender);
		}
	}

	@Test
	void inLeavingAfterWhichTheServiceCanStartAgain() {
		CpgMembership membership = started();
		fail("leave", 1);
		membership.stop();
		assertThat(membership.isRunning()).isFalse();
		membership.start();
		awaitMember(membership);
	}

	private CpgMembership started() {
		BackOff pauses = () -> {
			check("backOff");
			BackOffExecution execution = new FixedBackOff(10, Long.MAX_VALUE).start();
			return () -> {
				check("nextBackOff");
				return execution.nextBackOff();
			};
		};
		this.node.beforeEach(this::check);
		CpgMembershipSettings settings = new CpgMembershipSettings(false, Duration.ofSeconds(5), Duration.ofSeconds(5),
				pauses, Duration.ofSeconds(1), Duration.ofSeconds(30));
		CpgMembership membership = CpgMembership.builder(this.node, CpgGroupName.of("orders"), settings, this.events)
			.observers(List.of(new FailingObserver()))
			.errorHandler((ex) -> check("log"))
			.build();
		this.membership = membership;
		membership.start();
		return membership;
	}

	/** What costs no attempt is not come by again, and the state is asked for by all. */
	private static int times(String step) {
		return List.of("names", "nextBackOff", "isOpen").contains(step) ? 1 : 3;
	}

	private void fail(String step, int times) {
		this.failures.set(times);
		this.step = step;
	}

	private void awaitFailures() {
		await().dontCatchUncaughtExceptions()
			.untilAsserted(() -> assertThat(this.failures).as("failures at %s to come", this.step).hasValue(0));
	}

	private static void awaitMember(CpgMembership membership) {
		await().dontCatchUncaughtExceptions()
			.untilAsserted(() -> assertThat(membership.getGroup().getState()).isEqualTo(State.JOINED));
	}

	private void check(String step) {
		if (step.equals(this.step) && this.failures.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			throw this.error.get();
		}
	}

	private final class FailingObserver implements CpgObserver {

		private final List<Object> seen = new ArrayList<>();

		@Override
		public void delivered(CpgMessage message) {
			this.seen.add(message);
			check("observer");
		}

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			this.seen.add(change);
			check("observer");
		}

		@Override
		public void reconnected(String group) {
			check("observer");
		}

	}

}
