package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgView;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a service whose listeners are too slow, under the policy {@code leave}.
 */
@CorosyncTest(nodes = 2)
@Timeout(90)
class CpgOverflowOnCorosyncTests {

	@Test
	void aServiceWhoseListenerHangsLeavesAndJoinsAgainWhenTheListenerIsDone(CorosyncCluster cluster) {
		try (Service slow = Service.start(List.of(HangingListener.class), "cpg.group=overflow", "cpg.member-id=11",
				"cpg.corosync.socket-directory=" + cluster.node(1).socketDirectory(), "cpg.delivery.overflow=leave",
				"cpg.delivery.queue-capacity=200KB");
				Service flooding = Service.start(cluster.node(2), "cpg.group=overflow", "cpg.member-id=22")) {
			await().untilAsserted(() -> assertThat(flooding.members()).containsExactly("1/11", "2/22"));
			HangingListener listener = slow.context().getBean(HangingListener.class);
			int sent = 0;
			while (!flooding.heard().contains("joined [] left [1/11 LEAVE]")) {
				CompletableFuture<CpgView> message = flooding.template().multicast(new byte[1000]);
				sent++;
				assertThat(message).as("message %d", sent).succeedsWithin(Duration.ofSeconds(10));
				assertThat(sent).as("messages, much more than have room").isLessThan(20_000);
			}
			assertThat(flooding.template().multicast("in between")).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(slow.members()).isEmpty());
			assertThat(slow.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(listener.heard).as("reported while the listener hangs")
				.doesNotContain("disconnected CS_ERR_QUEUE_FULL");
			assertThat(flooding.members()).as("before the listener is done").containsExactly("2/22");
			listener.goOn.countDown();
			await().untilAsserted(() -> assertThat(slow.members()).containsExactly("1/11", "2/22"));
			await().untilAsserted(() -> assertThat(flooding.heard()).containsSubsequence("joined [] left [1/11 LEAVE]",
					"joined [1/11 JOIN] left []"));
			await().untilAsserted(() -> assertThat(listener.heard).containsExactly("connected", "joined",
					"disconnected CS_ERR_QUEUE_FULL", "connected", "joined"));
			assertThat(listener.messages).as("those that waited, of %d", sent).hasValueBetween(100, sent - 1);
			assertThat(slow.heard()).noneMatch((line) -> line.startsWith("in between"));
			assertThat(slow.meters().get("cpg.reconnects").counter().count()).isEqualTo(1);
			await().untilAsserted(() -> assertThat(slow.health().getStatus()).isEqualTo(Status.UP));
			assertThat(flooding.template().multicast("again")).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(slow.heard()).contains("again from 2/22"));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class HangingListener {

		private final CountDownLatch goOn = new CountDownLatch(1);

		private final List<String> heard = new CopyOnWriteArrayList<>();

		private final AtomicInteger messages = new AtomicInteger();

		@EventListener
		void on(CpgConnectedEvent event) {
			this.heard.add("connected");
		}

		@EventListener
		void on(CpgConfigurationChangeEvent event) {
			if (event.getJoined().stream().anyMatch((member) -> member.address().pid() == 11)) {
				this.heard.add("joined");
			}
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) throws InterruptedException {
			this.goOn.await();
			this.messages.incrementAndGet();
		}

		@EventListener
		void on(CpgDisconnectedEvent event) {
			this.heard.add("disconnected" + ((event.getCause() != null) ? " " + event.getCause().error() : ""));
		}

	}

}
