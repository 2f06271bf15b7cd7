package dev.cpg.boot.autoconfigure;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What health, meters and log say at the times when it matters, of services on real
 * daemons. A member on a node that is not in the ring is not here: which corosync has
 * one, and when, nobody can choose.
 */
@CorosyncTest(nodes = 2)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class CpgHealthOnCorosyncTests {

	@Test
	void aListenerThatHangsIsNamedAndItsServiceIsDownThoughAMember(CorosyncCluster cluster, CapturedOutput output) {
		try (Service service = Service.start(List.of(HangingListener.class), "cpg.group=hanging", "cpg.member-id=11",
				"cpg.corosync.socket-directory=" + cluster.node(1).socketDirectory(),
				"cpg.delivery.slow-listener-threshold=200ms", "cpg.delivery.stall-timeout=1s");
				Service other = Service.start(cluster.node(2), "cpg.group=hanging", "cpg.member-id=22")) {
			await().until(() -> service.members().size() == 2);
			assertThat(service.health().getDetails()).containsEntry("deliveryStalled", false);
			assertThat(other.template().multicast("first")).succeedsWithin(Duration.ofSeconds(10));
			assertThat(other.template().multicast("second")).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(service.health().getStatus()).isEqualTo(Status.DOWN));
			assertThat(service.health().getDetails()).containsEntry("joined", true)
				.containsEntry("deliveryStalled", true)
				.extractingByKey("reason")
				.asString()
				.contains("HangingListener.on(");
			assertThat(output).contains("HangingListener.on(").contains("has been busy with CpgDeliverEvent");
			assertThat(service.meters().get("cpg.delivery.lag").timeGauge().value(TimeUnit.SECONDS)).isBetween(0.9,
					50.0);
			assertThat(service.meters().get("cpg.delivery.queue.bytes").gauge().value()).isPositive();
			assertThat(other.health().getStatus()).as("another member's").isEqualTo(Status.UP);
			CpgGroup group = service.context().getBean(CpgGroup.class);
			assertThat(group.isCurrent()).as("while only messages wait").isTrue();
			Service.start(cluster.node(2), "cpg.group=hanging", "cpg.member-id=23").close();
			assertThat(other.context().getBean(CpgGroup.class).isCurrent()).isTrue();
			await().until(() -> !group.isCurrent());
			assertThat(group.getMembers()).as("as of the event that the listener is busy with").hasSize(2);
			service.context().getBean(HangingListener.class).latch.countDown();
			await().untilAsserted(() -> assertThat(service.health().getStatus()).isEqualTo(Status.UP));
			await().until(group::isCurrent);
			await().until(() -> service.meters().get("cpg.delivery.lag").timeGauge().value(TimeUnit.SECONDS) == 0);
		}
	}

	@Test
	void whileTheRingIsStuckTheServiceIsUpAndSynchronizing(CorosyncCluster cluster) {
		try (Service service = Service.start(cluster.node(1), "cpg.group=stuck", "cpg.member-id=11",
				"cpg.template.wait=false")) {
			assertThat(service.health().getDetails()).containsEntry("synchronizing", false);
			cluster.node(2).pause();
			// Totem's queue fills, or the ring forms again, whichever is first.
			Health stuck = service.health();
			for (int i = 0; i < 5000 && !Boolean.TRUE.equals(stuck.getDetails().get("synchronizing")); i++) {
				// Each another one: of equal ones only few may be under way.
				byte[] message = new byte[60_000];
				ByteBuffer.wrap(message).putInt(i);
				var unused = service.template().multicast(message);
				stuck = service.health();
			}
			assertThat(stuck.getDetails()).containsEntry("synchronizing", true);
			assertThat(stuck.getStatus()).isEqualTo(Status.UP);
			cluster.node(2).resume();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(service.health().getDetails()).containsEntry("synchronizing", false));
		}
		finally {
			cluster.node(2).resume();
		}
	}

	@Test
	void whileTheDaemonHangsTheServiceIsDownAndItRejoinsWhenTheDaemonGoesOn(CorosyncCluster cluster) {
		try (Service service = Service.start(List.of(Disconnections.class), "cpg.group=hung", "cpg.member-id=11",
				"cpg.corosync.socket-directory=" + cluster.node(1).socketDirectory(), "cpg.corosync.request-timeout=1s",
				"cpg.corosync.liveness-interval=300ms");
				Service other = Service.start(cluster.node(2), "cpg.group=hung", "cpg.member-id=22")) {
			await().until(() -> service.members().size() == 2);
			cluster.node(1).pause();
			await().untilAsserted(() -> assertThat(service.health().getStatus()).isEqualTo(Status.DOWN));
			await().until(() -> service.context().getBean(Disconnections.class).causes.size() == 1);
			assertThat(service.context().getBean(Disconnections.class).causes).singleElement()
				.asString()
				.contains("hangs", "cpg.corosync.liveness-interval");
			await().until(() -> other.members().size() == 1);
			cluster.node(1).resume();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(service.health().getStatus()).isEqualTo(Status.UP));
			await().until(() -> service.members().size() == 2 && other.members().size() == 2);
			await("no ghost")
				.untilAsserted(() -> assertThat(service.health().getDetails()).containsEntry("suspects", List.of()));
		}
		finally {
			cluster.node(1).resume();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Disconnections {

		private final List<String> causes = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgDisconnectedEvent event) {
			this.causes.add(String.valueOf(event.getCause()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HangingListener {

		private final CountDownLatch latch = new CountDownLatch(1);

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) throws InterruptedException {
			this.latch.await();
		}

	}

}
