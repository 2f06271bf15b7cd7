package dev.cpg.spring.leadership.election;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.event.CpgSuspectChangeEvent;
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
 * Services that elect their leader, on real daemons: rings that re-form, a cut, and
 * daemons and members that hang.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class LeaderElectionOnCorosyncTests {

	private final CorosyncCluster cluster;

	private final List<ElectingService> services = new ArrayList<>();

	private final List<ElectingService> withoutRoles = new ArrayList<>();

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
		this.withoutRoles.forEach(ElectingService::close);
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
	void aMemberWithoutRolesThatHangsIsASuspectUntilItIsHeardAgain() {
		ElectingService watching = ElectingService.heard(this.cluster.node(2).connector());
		// The last one that joins: it has spoken since then, so it is known to be heard.
		ElectingService hanging = ElectingService.heard(this.cluster.node(1).connector());
		this.withoutRoles.addAll(List.of(hanging, watching));
		ElectingService leader = leader();
		CpgAddress suspect = Objects.requireNonNull(hanging.membership().getGroup().getLocalAddress());
		hanging.election().locked(() -> {
			await().until(() -> suspicions(watching).contains(suspect + " true"));
			assertThat(watching.election().suspects()).containsExactly(suspect);
			await().until(() -> suspicions(leader).contains(suspect + " true"));
		});
		await().until(() -> suspicions(watching).contains(suspect + " false"));
		await().until(() -> watching.election().suspects().isEmpty());
		await().until(() -> suspicions(hanging).contains(suspect + " true"));
	}

	private static List<String> suspicions(ElectingService service) {
		return service.events()
			.stream()
			.filter(CpgSuspectChangeEvent.class::isInstance)
			.map(CpgSuspectChangeEvent.class::cast)
			.map((event) -> event.getMember() + " " + event.isSuspected())
			.toList();
	}

	@Test
	void aLeaderThatHangsIsReplacedAndItsTokenIsStaleWhenItGoesOn() {
		ElectingService first = leader();
		long token = first.leadership().token().orElseThrow();
		CpgAddress suspect = Objects.requireNonNull(first.membership().getGroup().getLocalAddress());
		AtomicReference<ElectingService> second = new AtomicReference<>();
		first.leadership().runIfLeader(() -> {
			first.election().locked(() -> second.set(awaitSuccessor(first)));
			first.template().convertAndMulticast("stale".getBytes(StandardCharsets.UTF_8), Map.of()).join();
		});
		assertThat(second.get().leadership().token().orElseThrow()).isGreaterThan(token);
		await().until(() -> suspicions(second.get()).contains(suspect + " true"));
		await().until(() -> first.leadershipEvents().contains("Revoked"));
		await().until(() -> second.get().election().staleTokens() == 1);
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
