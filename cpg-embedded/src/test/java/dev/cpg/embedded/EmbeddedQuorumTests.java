package dev.cpg.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * How nodes count votes, step by step. What real nodes do is in the suite for both
 * engines.
 */
class EmbeddedQuorumTests {

	private final List<EmbeddedCluster> clusters = new ArrayList<>();

	@AfterEach
	void closeClusters() {
		this.clusters.forEach(EmbeddedCluster::close);
	}

	private EmbeddedCluster cluster(EmbeddedCluster.Builder builder) {
		EmbeddedCluster cluster = builder.seed(1).start();
		this.clusters.add(cluster);
		return cluster;
	}

	private static EmbeddedCluster.Builder nodes(int nodes) {
		return EmbeddedCluster.builder().nodes(nodes);
	}

	private static Recorder watch(EmbeddedCluster cluster, int node) {
		Recorder recorder = new Recorder(cluster.node(node).connector());
		cluster.settle();
		return recorder;
	}

	@Test
	void anOnlyNodeIsQuorate() {
		Recorder recorder = watch(cluster(nodes(1)), 1);
		assertThat(recorder.newEvents()).containsExactly("quorate [1]");
	}

	@Test
	void aNodeWithMostOfTheVotesIsQuorateAlone() {
		EmbeddedCluster cluster = cluster(nodes(3).votes(1, 3));
		Recorder one = watch(cluster, 1);
		Recorder two = watch(cluster, 2);
		cluster.partition(Set.of(1), Set.of(2, 3));
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2, 3]", "quorate [1]");
		assertThat(two.newEvents()).containsExactly("quorate [1, 2, 3]", "inquorate [2, 3]");
	}

	@Test
	void aNodeWithoutVotesDoesNotHelp() {
		EmbeddedCluster cluster = cluster(nodes(3).votes(3, 0));
		Recorder one = watch(cluster, 1);
		cluster.partition(Set.of(1, 3), Set.of(2));
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2, 3]", "inquorate [1, 3]");
	}

	@Test
	void moreVotesThanThereAreCanBeExpected() {
		EmbeddedCluster cluster = cluster(nodes(3).expectedVotes(5));
		Recorder one = watch(cluster, 1);
		cluster.node(3).stop();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2, 3]", "inquorate [1, 2]");
	}

	@Test
	void fewerVotesThanThereAreAreExpectedUntilThoseAreSeen() {
		EmbeddedCluster cluster = cluster(nodes(3).expectedVotes(1));
		Recorder three = watch(cluster, 3);
		cluster.partition(Set.of(1, 2), Set.of(3));
		cluster.settle();
		assertThat(three.newEvents()).containsExactly("quorate [1, 2, 3]", "inquorate [3]");
		cluster.node(3).kill();
		cluster.node(3).start();
		assertThat(watch(cluster, 3).newEvents()).containsExactly("quorate [3]");
	}

	@Test
	void bothOfTwoNodesStayQuorateWithTwoNode() {
		EmbeddedCluster cluster = cluster(nodes(2).twoNode(true));
		Recorder one = watch(cluster, 1);
		Recorder two = watch(cluster, 2);
		cluster.partition(Set.of(1), Set.of(2));
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2]", "quorate [1]");
		assertThat(two.newEvents()).containsExactly("quorate [1, 2]", "quorate [2]");
	}

	@Test
	void twoNodeAloneLetsANodeThatStartsWaitForTheOther() {
		EmbeddedCluster cluster = cluster(nodes(2).twoNode(true));
		cluster.partition(Set.of(1), Set.of(2));
		cluster.node(1).kill();
		cluster.node(1).start();
		cluster.settle();
		Recorder one = watch(cluster, 1);
		cluster.heal();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("inquorate [1]", "quorate [1, 2]");
	}

	@Test
	void twoNodeNeedNotWait() {
		EmbeddedCluster cluster = cluster(nodes(2).twoNode(true).waitForAll(false));
		cluster.node(1).kill();
		cluster.node(2).kill();
		cluster.node(1).start();
		assertThat(watch(cluster, 1).newEvents()).containsExactly("quorate [1]");
	}

	@Test
	void aMajorityWaitsForAllAfterAStartOrALoss() {
		EmbeddedCluster cluster = cluster(nodes(3).waitForAll(true));
		Recorder one = watch(cluster, 1);
		cluster.partition(Set.of(1), Set.of(2), Set.of(3));
		cluster.settle();
		cluster.partition(Set.of(1, 2), Set.of(3));
		cluster.settle();
		cluster.heal();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2, 3]", "inquorate [1]", "inquorate [1, 2]",
				"quorate [1, 2, 3]");
	}

	@Test
	void whoComesToAQuorateNodeDoesNotWaitForAll() {
		EmbeddedCluster cluster = cluster(nodes(4).waitForAll(true));
		cluster.node(4).kill();
		cluster.settle();
		cluster.node(3).kill();
		cluster.node(3).start();
		cluster.settle();
		assertThat(watch(cluster, 3).newEvents()).containsExactly("quorate [1, 2, 3]");
	}

	@Test
	void withoutAProviderNobodyIsQuorateButTheRingIsKnown() {
		EmbeddedCluster cluster = cluster(nodes(2).quorumProvider(false));
		Recorder one = watch(cluster, 1);
		cluster.node(2).kill();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("no provider [1, 2]", "no provider [1]");
		assertThatIllegalStateException().isThrownBy(() -> cluster.setQuorate(true))
			.withMessageContaining("without a quorum provider");
	}

	@Test
	void aTestSetsWhoIsQuorateAndTheRingStays() {
		EmbeddedCluster cluster = cluster(nodes(3));
		Recorder one = watch(cluster, 1);
		Recorder two = watch(cluster, 2);
		CpgQuorum before = one.connection.quorum();
		cluster.node(1).setQuorate(false);
		cluster.node(1).setQuorate(false);
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2, 3]", "inquorate [1, 2, 3]");
		assertThat(one.connection.quorum()).isEqualTo(new CpgQuorum(true, false, before.ring(), List.of(1L, 2L, 3L)));
		assertThat(two.newEvents()).containsExactly("quorate [1, 2, 3]");
		cluster.node(3).kill();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("inquorate [1, 2]");
		cluster.resetQuorate();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2]");
		assertThat(cluster.history()).contains("node 1 is not quorate any more, as the test has set\n");
	}

	@Test
	void allNodesCanBeSetAndRestored() {
		EmbeddedCluster cluster = cluster(nodes(3));
		Recorder three = watch(cluster, 3);
		cluster.setQuorate(true);
		cluster.partition(Set.of(1, 2), Set.of(3));
		cluster.settle();
		cluster.setQuorate(false);
		cluster.settle();
		cluster.restore();
		cluster.settle();
		assertThat(three.newEvents()).startsWith("quorate [1, 2, 3]", "quorate [3]", "inquorate [3]")
			.endsWith("quorate [1, 2, 3]");
	}

	@Test
	void aPausedNodeReportsWhatWasSetWhenItGoesOn() {
		EmbeddedCluster cluster = cluster(nodes(3));
		Recorder three = watch(cluster, 3);
		cluster.node(3).pause();
		cluster.node(3).setQuorate(false);
		cluster.settle();
		assertThat(three.newEvents()).containsExactly("quorate [1, 2, 3]");
		assertThat(three.connection.quorum().quorate()).isTrue();
		cluster.node(3).resume();
		cluster.settle();
		assertThat(three.newEvents()).startsWith("inquorate [1, 2, 3]");
	}

	@Test
	void aPausedNodeAdmitsNobody() {
		EmbeddedCluster cluster = cluster(nodes(2));
		cluster.node(1).pause();
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(() -> watch(cluster, 1))
			.extracting(CorosyncConnectException::reason)
			.isEqualTo(Reason.TIMEOUT);
	}

	@Test
	void aNodeThatDoesNotRunAdmitsNobody() {
		EmbeddedCluster cluster = cluster(nodes(2));
		cluster.node(1).kill();
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(() -> watch(cluster, 1))
			.extracting(CorosyncConnectException::reason)
			.isEqualTo(Reason.NOT_RUNNING);
	}

	@Test
	void aDaemonsEndIsTheConnectionsEnd() {
		EmbeddedCluster cluster = cluster(nodes(2));
		Recorder one = watch(cluster, 1);
		cluster.node(1).kill();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2]", "closed " + CsError.LIBRARY);
		assertThat(one.connection.isOpen()).isFalse();
		assertThat(one.connection.failure()).isNotNull();
		assertThat(one.connection.quorum()).isEqualTo(CpgQuorum.NONE);
	}

	@Test
	void aConnectionThatTheListenerClosesIsNotifiedOfThatAlone() {
		EmbeddedCluster cluster = cluster(nodes(2));
		Recorder one = watch(cluster, 1);
		one.onChange = () -> one.connection.close();
		cluster.node(2).kill();
		cluster.settle();
		cluster.node(2).start();
		cluster.settle();
		assertThat(one.newEvents()).containsExactly("quorate [1, 2]", "inquorate [1]", "closed");
		assertThat(one.connection.failure()).isNull();
		one.connection.close();
	}

	/** So the quorum of a ring comes before all that is sent in it. */
	@Test
	void aNodeTakesNoMessagesBeforeItKnowsTheQuorumOfItsRing() {
		for (int seed = 0; seed < 20; seed++) {
			EmbeddedCluster cluster = nodes(3).formationDelay(Duration.ZERO).seed(seed).start();
			this.clusters.add(cluster);
			CpgConnector connector = cluster.node(1).connector();
			CpgConnection sender = connector.connect(new CpgListener() {
			});
			cluster.node(3).kill();
			cluster.run(1);
			boolean taken = false;
			while (!taken) {
				if (cluster.history().contains("of [1, 2] is formed") && sender.flowControl() == CpgFlowControl.OPEN) {
					taken = true;
					assertThat(connector.connectQuorum((quorum) -> {
					}).quorum().nodeIds()).containsExactly(1L, 2L);
				}
				cluster.run(1);
			}
		}
	}

	@Test
	void votesThatCannotBeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> nodes(2).votes(1, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> nodes(2).expectedVotes(0));
	}

	private static final class Recorder implements CpgQuorumListener {

		private final List<String> events = new ArrayList<>();

		private final CpgQuorumConnection connection;

		private Runnable onChange = () -> {
		};

		Recorder(CpgConnector connector) {
			this.connection = connector.connectQuorum(this);
		}

		List<String> newEvents() {
			List<String> since = new ArrayList<>(this.events);
			this.events.clear();
			return since;
		}

		@Override
		public void quorumChanged(CpgQuorum quorum) {
			String state = quorum.provided() ? (quorum.quorate() ? "quorate " : "inquorate ") : "no provider ";
			this.events.add(state + quorum.nodeIds());
			this.onChange.run();
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			this.events.add((cause != null) ? "closed " + cause.error() : "closed");
		}

	}

}
