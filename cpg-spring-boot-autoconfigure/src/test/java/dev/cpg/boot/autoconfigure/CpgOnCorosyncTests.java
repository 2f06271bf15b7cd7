package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

@CorosyncTest(nodes = 2)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(90)
class CpgOnCorosyncTests {

	private static final AtomicInteger GROUPS = new AtomicInteger();

	/**
	 * One for each test: a member that ended with a stopped daemon may haunt its group (a
	 * ghost), as corosync 3.1.7 does not always notice.
	 */
	private final String groupName = "orders-" + GROUPS.incrementAndGet();

	private Service start(CorosyncNode node, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("cpg.group=" + this.groupName);
		return Service.start(node, all.toArray(String[]::new));
	}

	@Test
	void servicesAreNotifiedWhenOthersJoinSendAndLeave(CorosyncCluster cluster) throws Exception {
		try (Service one = start(cluster.node(1), "cpg.member-id=11")) {
			assertThat(one.members()).containsExactly("1/11");
			try (Service two = start(cluster.node(2), "cpg.member-id=22")) {
				assertThat(two.members()).containsExactly("1/11", "2/22");
				await().untilAsserted(() -> assertThat(one.members()).containsExactly("1/11", "2/22"));
				CpgView view = one.template().multicast("hello").get(10, TimeUnit.SECONDS);
				assertThat(view).isEqualTo(one.group().getView());
				await().untilAsserted(() -> assertThat(two.heard()).contains("hello from 1/11"));
			}
			await().untilAsserted(() -> assertThat(one.heard()).containsExactly("connected 1/11",
					"joined [1/11 JOIN] left []", "ring of [1, 2]", "joined [2/22 JOIN] left []",
					"hello from 1/11 (me)", "joined [] left [2/22 LEAVE]"));
			assertThat(one.members()).containsExactly("1/11");
		}
	}

	@Test
	void comesBackWhenItsDaemonWasKilled(CorosyncCluster cluster) {
		try (Service service = start(cluster.node(1), "cpg.member-id=11")) {
			assertThat(service.health().getStatus()).isEqualTo(Status.UP);
			assertThat(service.health().getDetails()).containsEntry("member", "node1/11")
				.containsEntry("members", List.of("node1/11"));
			cluster.node(1).kill();
			await().untilAsserted(() -> assertThat(service.heard()).endsWith("disconnected by accident"));
			assertThat(service.group().getState()).isEqualTo(State.DISCONNECTED);
			assertThat(service.members()).isEmpty();
			assertThat(service.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(service.health().getDetails()).containsKey("reason");
			assertThat(service.template().multicast("lost")).isCompletedExceptionally();
			cluster.node(1).start();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(service.members()).containsExactly("1/11"));
			assertThat(service.health().getStatus()).isEqualTo(Status.UP);
			await().untilAsserted(() -> assertThat(service.heard().subList(0, 6)).containsExactly("connected 1/11",
					"joined [1/11 JOIN] left []", "ring of [1, 2]", "disconnected by accident", "connected 1/11",
					"joined [1/11 JOIN] left []"));
			assertThat(service.meters().get("cpg.reconnects").counter().count()).isEqualTo(1);
			assertThat(service.template().multicast("hello")).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test
	void startsBeforeItsDaemonAndJoinsWhenThatIsThere(CorosyncCluster cluster) {
		cluster.node(1).stop();
		try (Service service = start(cluster.node(1), "cpg.member-id=11")) {
			assertThat(service.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(service.health().getDetails().get("reason")).asString().contains("corosync is not running");
			cluster.node(1).start();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(service.members()).containsExactly("1/11"));
		}
	}

	@Test
	void failsFastWithoutADaemonWhenAskedTo(CorosyncCluster cluster, CapturedOutput output) {
		cluster.node(1).stop();
		assertThatException().isThrownBy(() -> start(cluster.node(1), "cpg.fail-fast=true").close());
		assertThat(output).contains("APPLICATION FAILED TO START").contains("systemctl start corosync");
	}

	@Test
	void aPausedDaemonKeepsAServiceNoLongerThanItsLeaveTimeout(CorosyncCluster cluster) {
		Service service = start(cluster.node(1), "cpg.member-id=11", "cpg.leave-timeout=500ms");
		cluster.node(1).pause();
		long before = System.nanoTime();
		service.close();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
		cluster.node(1).resume();
	}

	@Test
	void aDaemonThatDoesNotAnswerKeepsAStartNoLongerThanTheJoinTimeout(CorosyncCluster cluster) {
		cluster.node(1).pause();
		long before = System.nanoTime();
		try (Service service = start(cluster.node(1), "cpg.member-id=11", "cpg.join-timeout=1s")) {
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
			assertThat(service.health().getStatus()).isEqualTo(Status.DOWN);
			cluster.node(1).resume();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(service.members()).containsExactly("1/11"));
		}
	}

}
