package dev.cpg.behaviour;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Which rings are quorate, and what the listeners of quorum are notified of.
 */
abstract class QuorumBehaviour extends Behaviour {

	private final List<Watcher> watchers = new ArrayList<>();

	QuorumBehaviour(TestCluster cluster) {
		super(cluster);
	}

	/** Starts a cluster whose nodes vote otherwise. */
	abstract TestCluster start(Voting voting);

	@AfterEach
	void closeWatchers() {
		this.watchers.forEach(Watcher::close);
	}

	private Watcher watch(int node) {
		return watch(this.cluster, node);
	}

	private Watcher watch(TestCluster ofNode, int node) {
		Watcher watcher = new Watcher("node " + node, ofNode.node(node).connector());
		this.watchers.add(watcher);
		return watcher;
	}

	/** Watches nodes 1 to the last, each of which has seen the ring of all. */
	private List<Watcher> watchAll(TestCluster ofNodes, String first) {
		List<Watcher> all = ofNodes.nodes().stream().map((node) -> watch(ofNodes, node.nodeId())).toList();
		all.forEach((watcher) -> watcher.awaitStory(first));
		return all;
	}

	@Test
	void aConnectionKnowsTheQuorumOfTheRingFromTheStart() {
		Member member = join(2);
		Watcher watcher = watch(2);
		CpgQuorum present = watcher.connection().quorum();
		assertThat(present.provided()).isTrue();
		assertThat(present.quorate()).isTrue();
		assertThat(present.nodeIds()).containsExactlyInAnyOrder(1L, 2L, 3L);
		assertThat(present.ring()).isEqualTo(member.connection().view().ring());
		watcher.awaitStory("quorate 1 2 3");
		assertThat(watcher.last()).isEqualTo(present);
		watcher.close();
		watcher.awaitStory("quorate 1 2 3", "closed");
		assertThat(watcher.connection().isOpen()).isFalse();
		assertThat(watcher.connection().failure()).isNull();
		assertThat(watcher.connection().quorum()).isEqualTo(CpgQuorum.NONE);
	}

	@Test
	void theLargerSideOfACutStaysQuorateAndTheSmallerOneDoesNot() {
		List<Member> members = joinAll();
		List<Watcher> all = watchAll(this.cluster, "quorate 1 2 3");
		this.cluster.partition(Set.of(1, 2), Set.of(3));
		all.get(0).awaitStory("quorate 1 2 3", "quorate 1 2");
		all.get(1).awaitStory("quorate 1 2 3", "quorate 1 2");
		all.get(2).awaitStory("quorate 1 2 3", "inquorate 3");
		members.get(0).awaitLine("ring 1 2");
		members.get(2).awaitLine("ring 3");
		assertSameRings(all, members);
		this.cluster.heal();
		all.get(0).awaitStory("quorate 1 2 3", "quorate 1 2", "quorate 1 2 3");
		all.get(1).awaitStory("quorate 1 2 3", "quorate 1 2", "quorate 1 2 3");
		all.get(2).awaitStory("quorate 1 2 3", "inquorate 3", "quorate 1 2 3");
		members.forEach((member) -> member.awaitMembers(members.toArray(Member[]::new)));
		members.forEach((member) -> member.awaitLine("ring 1 2 3"));
		Member.await("the rings of members and quorum to be one").untilAsserted(() -> assertSameRings(all, members));
	}

	/** Quorum and totem configuration are paired by the ring's id and nodes. */
	private static void assertSameRings(List<Watcher> watchers, List<Member> members) {
		for (int i = 0; i < watchers.size(); i++) {
			assertThat(watchers.get(i).last().ring()).isEqualTo(members.get(i).ring().ring());
			assertThat(watchers.get(i).last().nodeIds())
				.containsExactlyInAnyOrderElementsOf(members.get(i).ring().nodeIds());
		}
	}

	@Test
	void nodesThatDieOrStopTakeTheirVotesWithThem() {
		Watcher one = watch(1).awaitStory("quorate 1 2 3");
		Watcher two = watch(2).awaitStory("quorate 1 2 3");
		Watcher three = watch(3).awaitStory("quorate 1 2 3");
		this.cluster.node(3).kill();
		one.awaitStory("quorate 1 2 3", "quorate 1 2");
		two.awaitStory("quorate 1 2 3", "quorate 1 2");
		three.awaitStory("quorate 1 2 3", "closed CS_ERR_LIBRARY");
		assertThat(three.connection().failure()).isNotNull();
		assertThat(three.connection().quorum()).isEqualTo(CpgQuorum.NONE);
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(() -> watch(3))
			.extracting(CorosyncConnectException::reason)
			.isEqualTo(CorosyncConnectException.Reason.NOT_RUNNING);

		this.cluster.node(2).stop();
		one.awaitStory("quorate 1 2 3", "quorate 1 2", "inquorate 1");
		two.awaitStory("quorate 1 2 3", "quorate 1 2", "closed CS_ERR_LIBRARY");
		this.cluster.node(3).start();
		one.awaitStory("quorate 1 2 3", "quorate 1 2", "inquorate 1", "quorate 1 3");
	}

	@Test
	void aPausedNodeStaysQuorateAndIsNeverNotifiedOfTheRingsMeanwhile() {
		Watcher one = watch(1).awaitStory("quorate 1 2 3");
		Watcher three = watch(3).awaitStory("quorate 1 2 3");
		this.cluster.node(3).pause();
		one.awaitStory("quorate 1 2 3", "quorate 1 2");
		assertThat(three.connection().quorum().quorate()).isTrue();
		this.cluster.node(3).resume();
		one.awaitStory("quorate 1 2 3", "quorate 1 2", "quorate 1 2 3");
		three.awaitStory("quorate 1 2 3", "quorate 1 2 3");
		assertThat(three.last()).isEqualTo(one.last());
	}

	@Test
	void aTestMakesNodesInquorateWhateverTheirRings() {
		Watcher one = watch(1).awaitStory("quorate 1 2 3");
		Watcher two = watch(2).awaitStory("quorate 1 2 3");
		CpgQuorum before = one.last();
		this.cluster.setQuorate(false);
		one.awaitStory("quorate 1 2 3", "inquorate 1 2 3");
		assertThat(one.last()).isEqualTo(new CpgQuorum(true, false, before.ring(), before.nodeIds()));
		this.cluster.partition(Set.of(1, 2), Set.of(3));
		one.awaitStory("quorate 1 2 3", "inquorate 1 2 3", "inquorate 1 2");
		this.cluster.resetQuorate();
		one.awaitStory("quorate 1 2 3", "inquorate 1 2 3", "inquorate 1 2", "quorate 1 2");
		two.awaitStory("quorate 1 2 3", "inquorate 1 2 3", "inquorate 1 2", "quorate 1 2");
	}

	@Test
	void neitherOfTwoNodesIsQuorateAloneUnlessItHasMoreVotes() {
		try (TestCluster two = start(Voting.ofNodes(2).withVotes(1, 2))) {
			List<Watcher> all = watchAll(two, "quorate 1 2");
			two.partition(Set.of(1), Set.of(2));
			all.get(0).awaitStory("quorate 1 2", "quorate 1");
			all.get(1).awaitStory("quorate 1 2", "inquorate 2");
		}
		try (TestCluster two = start(Voting.ofNodes(2))) {
			List<Watcher> all = watchAll(two, "quorate 1 2");
			two.partition(Set.of(1), Set.of(2));
			all.get(0).awaitStory("quorate 1 2", "inquorate 1");
			all.get(1).awaitStory("quorate 1 2", "inquorate 2");
		}
	}

	@Test
	void withTwoNodeBothSidesAreQuorateAndANodeThatStartsWaitsForTheOther() {
		try (TestCluster two = start(Voting.ofNodes(2).withTwoNode())) {
			List<Watcher> all = watchAll(two, "quorate 1 2");
			two.partition(Set.of(1), Set.of(2));
			all.get(0).awaitOneOfWithRepeats(List.of(List.of("quorate 1 2", "quorate 1")));
			all.get(1).awaitOneOfWithRepeats(List.of(List.of("quorate 1 2", "quorate 2")));
			two.node(1).kill();
			two.node(1).start();
			Watcher again = awaitWatcher(two, 1).awaitOneOfWithRepeats(List.of(List.of("inquorate 1")));
			two.heal();
			// The other one's votes come with the ring or just after it.
			again.awaitOneOfWithRepeats(List.of(List.of("inquorate 1", "quorate 1 2"),
					List.of("inquorate 1", "inquorate 1 2", "quorate 1 2")));
			all.get(1).awaitOneOfWithRepeats(List.of(List.of("quorate 1 2", "quorate 2", "quorate 1 2")));
		}
	}

	/** A daemon that starts admits nobody at first. */
	private Watcher awaitWatcher(TestCluster ofNode, int node) {
		return Member.await("a connection to node " + node)
			.ignoreExceptionsInstanceOf(CorosyncConnectException.class)
			.until(() -> watch(ofNode, node), (watcher) -> true);
	}

	@Test
	void withWaitForAllAMajorityIsNotEnoughAfterQuorumWasLost() {
		try (TestCluster three = start(Voting.ofNodes(3).withWaitForAll())) {
			List<Watcher> all = watchAll(three, "quorate 1 2 3");
			three.partition(Set.of(1, 2), Set.of(3));
			all.get(1).awaitStory("quorate 1 2 3", "quorate 1 2");
			all.get(2).awaitStory("quorate 1 2 3", "inquorate 3");
			three.node(1).kill();
			all.get(1).awaitStory("quorate 1 2 3", "quorate 1 2", "inquorate 2");
			three.heal();
			all.get(1).awaitStory("quorate 1 2 3", "quorate 1 2", "inquorate 2", "inquorate 2 3");
			all.get(2).awaitStory("quorate 1 2 3", "inquorate 3", "inquorate 2 3");
			three.node(1).start();
			all.get(2).awaitStory("quorate 1 2 3", "inquorate 3", "inquorate 2 3", "quorate 1 2 3");
		}
	}

	@Test
	void withoutAProviderRingsAreReportedAndNoneIsQuorate() {
		try (TestCluster two = start(Voting.ofNodes(2).withoutProvider())) {
			List<Watcher> all = watchAll(two, "no provider 1 2");
			Member member = add(new Member(two.node(1).connector())).join(this.group);
			assertThat(all.get(0).last().ring()).isEqualTo(member.connection().view().ring());
			assertThat(all.get(0).connection().quorum().quorate()).isFalse();
			assertThatIllegalStateException().isThrownBy(() -> two.setQuorate(false));
			two.partition(Set.of(1), Set.of(2));
			all.get(0).awaitStory("no provider 1 2", "no provider 1");
			all.get(1).awaitStory("no provider 1 2", "no provider 2");
			two.heal();
			all.get(0).awaitStory("no provider 1 2", "no provider 1", "no provider 1 2");
			assertThat(all.get(0).last().ring()).isEqualTo(all.get(0).connection().quorum().ring());
		}
	}

}
