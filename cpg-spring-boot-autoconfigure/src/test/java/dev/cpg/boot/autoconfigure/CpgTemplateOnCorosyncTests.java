package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the settings of a template do while a real daemon, stopped, takes no messages. The
 * limit that they replace is ten seconds.
 */
@CorosyncTest
@Timeout(90)
class CpgTemplateOnCorosyncTests {

	private static final AtomicInteger GROUPS = new AtomicInteger();

	/** Far more than the limits set here, and far less than the default one. */
	private static final Duration SOON = Duration.ofSeconds(5);

	private static final byte[] LARGE = new byte[500_000];

	private final CorosyncNode node;

	private final String group = "cpg.group=template-" + GROUPS.incrementAndGet();

	CpgTemplateOnCorosyncTests(CorosyncCluster cluster) {
		this.node = cluster.node(1);
	}

	@AfterEach
	void resume() {
		this.node.resume();
	}

	@Test
	void anOutcomeTakesNoLongerThanTheSendTimeout() {
		try (Service service = Service.start(this.node, this.group, "cpg.template.send-timeout=500ms")) {
			assertThat(service.template().multicast("first")).succeedsWithin(SOON);
			this.node.pause();
			Send send = send(service, new byte[10]);
			assertThat(send.failure).isInstanceOfSatisfying(CpgSendException.class, (ex) -> {
				assertThat(ex.outcome()).isEqualTo(Outcome.UNKNOWN);
				assertThat(ex.error()).isEqualTo(CsError.TIMEOUT);
			});
			assertThat(send.took).isBetween(Duration.ofMillis(490), SOON);
			this.node.resume();
			await().untilAsserted(() -> assertThat(send(service, new byte[10]).failure).isNull());
		}
	}

	@Test
	void aCallWaitsNoLongerThanTheSendTimeoutForRoom() {
		try (Service service = Service.start(this.node, this.group, "cpg.template.send-timeout=500ms")) {
			this.node.pause();
			Send send = fill(service);
			assertThat(send.error()).isEqualTo(CsError.TRY_AGAIN);
			assertThat(send.call).isBetween(Duration.ofMillis(490), SOON);
			this.node.resume();
			await().untilAsserted(() -> assertThat(send(service, new byte[10]).failure).isNull());
		}
	}

	@Test
	void aTemplateThatDoesNotWaitSaysSoAtOnceWhenTheDaemonTakesNothing() {
		try (Service service = Service.start(this.node, this.group, "cpg.template.wait=false")) {
			assertThat(service.template().multicast("first")).succeedsWithin(SOON);
			this.node.pause();
			Send send = fill(service);
			assertThat(send.error()).isEqualTo(CsError.TRY_AGAIN);
			assertThat(send.failure).hasMessageContaining("cpg.template.wait");
			assertThat(send.call).isLessThan(SOON);
			this.node.resume();
			await().untilAsserted(() -> assertThat(send(service, new byte[10]).failure).isNull());
			assertThat(send(service, new byte[2_000_000]).error()).as("in several pieces").isEqualTo(CsError.TOO_BIG);
		}
	}

	@Test
	void aCustomizersSettingsCountMoreThanTheProperties() {
		try (Service service = Service.start(List.of(Impatience.class), this.group,
				"cpg.corosync.socket-directory=" + this.node.socketDirectory(), "cpg.template.wait=true",
				"cpg.template.send-timeout=1m")) {
			assertThat(service.template().multicast("first")).succeedsWithin(SOON);
			this.node.pause();
			Send late = send(service, new byte[10]);
			assertThat(late.error()).isEqualTo(CsError.TIMEOUT);
			assertThat(late.took).isBetween(Duration.ofMillis(290), SOON);
			Send refused = fill(service);
			assertThat(refused.error()).isEqualTo(CsError.TRY_AGAIN);
			assertThat(refused.call).isLessThan(SOON);
		}
	}

	/** Sends until there is room for no more, and returns the send that found none. */
	private static Send fill(Service service) {
		for (int i = 0; i < 50; i++) {
			long start = System.nanoTime();
			CompletableFuture<CpgView> future = service.template().multicast(LARGE);
			Duration call = since(start);
			if (future.isCompletedExceptionally() && error(outcome(future)) != CsError.TIMEOUT) {
				return new Send(outcome(future), call, call);
			}
		}
		throw new AssertionError("There is room for ever more");
	}

	private static Send send(Service service, byte[] message) {
		long start = System.nanoTime();
		CompletableFuture<CpgView> future = service.template().multicast(message);
		Duration call = since(start);
		return new Send(outcome(future), call, since(start));
	}

	private static @Nullable Throwable outcome(CompletableFuture<CpgView> future) {
		try {
			future.get(30, TimeUnit.SECONDS);
			return null;
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new AssertionError("There is no outcome", ex);
		}
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static @Nullable CsError error(@Nullable Throwable failure) {
		return (failure instanceof CorosyncException ex) ? ex.error() : null;
	}

	/**
	 * How a send went.
	 *
	 * @param failure why it failed, if it did
	 * @param call how long the call took
	 * @param took how long it took until the outcome was known
	 */
	private record Send(@Nullable Throwable failure, Duration call, Duration took) {

		@Nullable CsError error() {
			return CpgTemplateOnCorosyncTests.error(this.failure);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Impatience {

		@Bean
		CpgTemplateCustomizer impatience() {
			return (template) -> template.waiting(false).sendTimeout(Duration.ofMillis(300));
		}

	}

}
