package dev.cpg.spring.leadership.election;

import java.util.ArrayList;
import java.util.List;

import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Services that elect their leader, on real daemons: rings that re-form, a cut, and a
 * daemon that hangs.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class LeaderElectionOnCorosyncTests {

	private final CorosyncCluster cluster;

	private final List<ElectingService> services = new ArrayList<>();

	LeaderElectionOnCorosyncTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@BeforeEach
	void start() {
		this.cluster.nodes().forEach((node) -> this.services.add(new ElectingService(node.connector())));
		await().until(() -> leaders().size() == 1);
	}

	@AfterEach
	void stop() {
		this.services.forEach(ElectingService::close);
	}

	private List<ElectingService> leaders() {
		return this.services.stream().filter(ElectingService::isLeader).toList();
	}

	private ElectingService leader() {
		return leaders().get(0);
	}

	private CorosyncNode node(ElectingService service) {
		return this.cluster.node(this.services.indexOf(service) + 1);
	}

	/** Waits until another service leads, and sees that there never are two. */
	private ElectingService awaitSuccessor(ElectingService first) {
		while (true) {
			// The first one is asked last: a leader that has not lost it yet would be
			// seen.
			List<ElectingService> others = leaders().stream().filter((service) -> service != first).toList();
			if (!others.isEmpty()) {
				assertThat(first.isLeader()).as("two leaders").isFalse();
				return others.get(0);
			}
			Thread.onSpinWait();
		}
	}

	@Test
	void theDaemonThatHangsHasNoLeaderBeforeTheOthersHaveOne() {
		ElectingService first = leader();
		long token = first.leadership().token().orElseThrow();
		CorosyncNode node = node(first);
		node.pause();
		try {
			ElectingService second = awaitSuccessor(first);
			assertThat(second.leadership().token().orElseThrow()).isGreaterThan(token);
		}
		finally {
			node.resume();
		}
		await("all to know the same leader").until(() -> leaders().size() == 1 && this.services.stream()
			.allMatch((service) -> service.leadership().leader().equals(leader().leadership().leader())));
	}

	@Test
	void theSideOfACutWithoutQuorumHasNoLeader() {
		ElectingService first = leader();
		node(first).cut();
		ElectingService second = awaitSuccessor(first);
		node(first).heal();
		await("all to know the same leader").until(() -> leaders().size() == 1 && this.services.stream()
			.allMatch((service) -> service.leadership().leader().equals(leader().leadership().leader())));
		assertThat(second.leadership().token()).isPresent();
	}

	@Test
	void aLeaderThatStopsIsReplacedAtOnce() {
		ElectingService first = leader();
		first.close();
		long stopped = System.nanoTime();
		awaitSuccessor(first);
		assertThat(first.events()).anyMatch(CpgLeadershipRevokedEvent.class::isInstance);
		System.out.println("failover.stop_ms=" + (System.nanoTime() - stopped) / 1e6);
	}

}
