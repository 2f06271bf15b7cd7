package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.cpg.client.CpgQuorumState;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroupSnapshot;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What services on real daemons know of the quorum, in a cut of three nodes.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class CpgQuorumOnCorosyncTests {

	@Test
	void theLesserSideOfASplitLosesItsQuorumAndTheOtherKeepsIt(CorosyncCluster cluster) {
		try (Service one = start(cluster, 1); Service two = start(cluster, 2); Service three = start(cluster, 3)) {
			List<Service> all = List.of(one, two, three);
			all.forEach((service) -> longer()
				.untilAsserted(() -> assertUp(service, List.of(1L, 2L, 3L), CpgQuorumState.QUORATE)));
			Stream.of(one, three).forEach((service) -> heard(service).clear());
			cluster.partition(Set.of(1, 2), Set.of(3));
			longer().untilAsserted(() -> assertThat(three.group().getQuorum()).isEqualTo(CpgQuorumState.INQUORATE));
			assertThat(three.group().getRingNodeIds()).containsExactly(3L);
			assertThat(three.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(three.health().getDetails()).containsEntry("joined", true)
				.containsEntry("quorum", "INQUORATE")
				.extractingByKey("reason")
				.asString()
				.startsWith("The ring is not quorate");
			assertThat(quorate(three)).isZero();
			assertThat(outcome(three)).isEqualTo(CpgQuorumState.INQUORATE);
			Stream.of(one, two)
				.forEach((service) -> longer()
					.untilAsserted(() -> assertUp(service, List.of(1L, 2L), CpgQuorumState.QUORATE)));
			Stream.of(one, two).forEach((service) -> assertThat(outcome(service)).isEqualTo(CpgQuorumState.QUORATE));
			longer()
				.untilAsserted(() -> assertThat(one.heard()).contains("a message from 1/1 (me)", "a message from 2/2")
					.doesNotContain("a message from 3/3"));
			cluster.heal();
			all.forEach((service) -> longer()
				.untilAsserted(() -> assertUp(service, List.of(1L, 2L, 3L), CpgQuorumState.QUORATE)));
			assertThat(heard(one)).doesNotContain("INQUORATE of [1, 2]").endsWith("QUORATE of [1, 2, 3]");
			longer().untilAsserted(
					() -> assertThat(heard(three)).contains("INQUORATE of [3]").endsWith("QUORATE of [1, 2, 3]"));
		}
	}

	@Test
	void aServiceThatStartsOnTheLesserSideIsAMemberAndNotReady(CorosyncCluster cluster) {
		cluster.partition(Set.of(1, 2), Set.of(3));
		try (Service service = start(cluster, 3)) {
			longer().untilAsserted(() -> assertThat(service.group().getQuorum()).isEqualTo(CpgQuorumState.INQUORATE));
			assertThat(service.health().getStatus()).isEqualTo(Status.DOWN);
		}
		finally {
			cluster.heal();
		}
	}

	@Test
	void aClusterThatCountsNoVotesIsNeverQuorateAndHasNotLostItsQuorum() {
		try (CorosyncCluster cluster = CorosyncCluster.builder().nodes(1).quorumProvider(false).start();
				Service service = start(cluster, 1)) {
			longer().untilAsserted(() -> assertThat(service.group().getQuorum()).isEqualTo(CpgQuorumState.NO_PROVIDER));
			assertThat(quorate(service)).isNaN();
			assertThat(outcome(service)).isEqualTo(CpgQuorumState.NO_PROVIDER);
			assertThat(service.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(service.health().getDetails()).extractingByKey("reason")
				.asString()
				.startsWith("The cluster has no quorum provider");
		}
	}

	private static Service start(CorosyncCluster cluster, int node) {
		return Service.start(List.of(Quorums.class), "cpg.group=quorum", "cpg.member-id=" + node,
				"cpg.health.require-quorum=true",
				"cpg.corosync.socket-directory=" + cluster.node(node).socketDirectory());
	}

	private static void assertUp(Service service, List<Long> nodes, CpgQuorumState quorum) {
		CpgGroupSnapshot group = service.group().getSnapshot();
		assertThat(group.ringNodeIds()).isEqualTo(nodes);
		assertThat(group.quorum()).isEqualTo(quorum);
		assertThat(service.health().getStatus()).isEqualTo(Status.UP);
		assertThat(quorate(service)).isOne();
	}

	/** Sends a message, and returns what is known of the quorum of its view. */
	private static CpgQuorumState outcome(Service service) {
		return service.template().multicast("a message").orTimeout(10, TimeUnit.SECONDS).join().quorum();
	}

	private static double quorate(Service service) {
		return service.meters().get("cpg.quorate").gauge().value();
	}

	private static List<String> heard(Service service) {
		return service.context().getBean(Quorums.class).heard;
	}

	private static ConditionFactory longer() {
		return await().atMost(Duration.ofSeconds(30));
	}

	@Configuration(proxyBeanMethods = false)
	static class Quorums {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgQuorumChangeEvent event) {
			CpgGroupSnapshot group = ((CpgGroup) event.getSource()).getSnapshot();
			this.heard.add("%s of %s".formatted(event.getQuorum(), group.ringNodeIds()));
		}

	}

}
