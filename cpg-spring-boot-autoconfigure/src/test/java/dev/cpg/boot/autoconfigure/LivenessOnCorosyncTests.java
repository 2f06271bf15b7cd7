package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.cpg.spring.event.CpgSuspectChangeEvent;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.RevocationListener;
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
 * Services on a real daemon that notice a member which hangs.
 */
@CorosyncTest
@Timeout(60)
class LivenessOnCorosyncTests {

	@Test
	void aServiceWithoutRolesNoticesAMemberThatHangs(CorosyncCluster cluster) throws InterruptedException {
		String directory = "cpg.corosync.socket-directory=" + cluster.node(1).socketDirectory();
		try (Service leading = Service.start(List.of(Hang.class), directory, "cpg.group=orders", "cpg.member-id=11",
				"cpg.leader.roles=billing", "cpg.liveness.enabled=true");
				Service watching = Service.start(List.of(Recorder.class), directory, "cpg.group=orders",
						"cpg.member-id=22", "cpg.liveness.enabled=true")) {
			CpgLeadership leadership = leading.context().getBean(CpgLeadership.class);
			assertThat(leadership.await(Duration.ofSeconds(10))).isTrue();
			await().until(() -> watching.members().size() == 2);
			Thread hanging = new Thread(leadership::yield);
			hanging.start();
			List<String> events = watching.context().getBean(Recorder.class).events;
			await().untilAsserted(() -> assertThat(events).contains("1/11 true"));
			assertThat(watching.health().getDetails()).extractingByKey("hung").asString().contains("1/11");
			assertThat(watching.health().getDetails()).doesNotContainKey("leaders");
			assertThat(watching.health().getStatus()).isEqualTo(Status.UP);
			assertThat(hung(watching)).isOne();
			leading.context().getBean(Hang.class).end.countDown();
			hanging.join();
			await().untilAsserted(() -> assertThat(events).contains("1/11 false"));
			await().untilAsserted(() -> assertThat(watching.health().getDetails()).doesNotContainKey("hung"));
			assertThat(watching.meters().find("cpg.leader.stale.tokens").meter()).isNull();
		}
	}

	private static double hung(Service service) {
		return service.meters().get("cpg.group.hung").tag("group", "orders").gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	static class Recorder {

		private final List<String> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgSuspectChangeEvent event) {
			this.events.add(event.getMember() + " " + event.isSuspected());
		}

	}

	/** Hangs in a revocation, and the member with it. */
	@Configuration(proxyBeanMethods = false)
	static class Hang implements RevocationListener {

		private final CountDownLatch end = new CountDownLatch(1);

		@Override
		public void revoked(String role, long token) {
			try {
				this.end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
